"""Hosts: where acrn-dm runs, one transport a file."""
