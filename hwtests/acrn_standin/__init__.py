"""The stand-in board: acrn-dm's command line, carried out by QEMU."""
