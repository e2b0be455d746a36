from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "hocvuso.records"
