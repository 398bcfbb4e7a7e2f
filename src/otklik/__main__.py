"""``python -m otklik`` is the ``otklik`` command."""

from otklik.cli import main

if __name__ == "__main__":
    main()
