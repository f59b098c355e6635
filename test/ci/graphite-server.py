"""A real graphite-web over whisper files in a folder. Arguments: folder, port. Standard input: one JSON line a series,
[path, [[second, count], ...]], in points of ten seconds. Prints its port once it answers."""

import json
import os
import sys
import types
from wsgiref.simple_server import WSGIRequestHandler, make_server

folder, port = sys.argv[1], int(sys.argv[2])
for name in ("storage/whisper", "storage/log/webapp", "conf"):
    os.makedirs(os.path.join(folder, name), exist_ok=True)
os.environ.update(GRAPHITE_STORAGE_DIR=f"{folder}/storage", GRAPHITE_CONF_DIR=f"{folder}/conf")

from graphite import settings as defaults  # noqa: E402

settings = types.ModuleType("graphite_test_settings")
for name in dir(defaults):
    if name.isupper():
        setattr(settings, name, getattr(defaults, name))
settings.SECRET_KEY = "of a test"
settings.TIME_ZONE = "UTC"
settings.STORAGE_DIR = f"{folder}/storage"
settings.WHISPER_DIR = f"{folder}/storage/whisper"
settings.STANDARD_DIRS = [settings.WHISPER_DIR]
settings.LOG_DIR = f"{folder}/storage/log/webapp"
settings.INDEX_FILE = f"{folder}/storage/index"
settings.DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/storage/graphite.db"}
}
settings.CARBONLINK_HOSTS = []
settings.STORAGE_FINDERS = ["graphite.finders.standard.StandardFinder"]
sys.modules["graphite_test_settings"] = settings
os.environ["DJANGO_SETTINGS_MODULE"] = "graphite_test_settings"

import django  # noqa: E402

django.setup()

import whisper  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from graphite.storage import STORE  # noqa: E402
from graphite.tags.utils import TaggedSeries  # noqa: E402

call_command("migrate", verbosity=0, run_syncdb=True)
for line in sys.stdin:
    path, points = json.loads(line)
    file = os.path.join(settings.WHISPER_DIR, TaggedSeries.encode(path, sep=os.sep) + ".wsp")
    os.makedirs(os.path.dirname(file), exist_ok=True)
    whisper.create(file, [(10, 3600)])
    whisper.update_many(file, points)
    STORE.tagdb.tag_series(path)


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


server = make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet)
print(server.server_port, flush=True)
server.serve_forever()
