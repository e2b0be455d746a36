from importlib import import_module

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "hocvuso.base"

    def ready(self) -> None:
        import_module("hocvuso.base.checks")
