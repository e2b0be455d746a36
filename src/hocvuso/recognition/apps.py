from importlib import import_module

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "hocvuso.recognition"

    def ready(self) -> None:
        import_module("hocvuso.recognition.checks")
