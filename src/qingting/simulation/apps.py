from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "qingting.simulation"
    label = "simulation"
