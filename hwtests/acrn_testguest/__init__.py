"""The test guest: a kernel, an initramfs and a disk image, built from Debian's packages."""
