"""The founding design in its smallest form, for comparison: a Django Channels consumer, a paramiko shell, and every
chunk of output sent as JSON through a Redis group, to the operator too (rows S5, S6, S21 to S24). Reads
of 4096 bytes, four times those of the founding series, which favours it. Not part of the product."""
import json
import os
import threading

from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    ROOT_URLCONF=__name__,
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [("127.0.0.1", int(os.environ["BENCH_REDIS_PORT"]))]},
        }
    },
)
import django

django.setup()

import paramiko
from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

READ_BYTES = int(os.environ.get("BENCH_READ_BYTES", "4096"))
urlpatterns = []


class Terminal(WebsocketConsumer):
    def connect(self):
        self.group = Terminal.newest = "session-%d" % id(self)
        async_to_sync(self.channel_layer.group_add)(self.group, self.channel_name)
        self.accept()
        self.ssh = paramiko.SSHClient()
        self.ssh.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        self.ssh.connect(
            "127.0.0.1",
            int(os.environ["BENCH_SSH_PORT"]),
            os.environ["BENCH_SSH_LOGIN"],
            key_filename=os.environ["BENCH_SSH_KEY"],
            look_for_keys=False,
            allow_agent=False,
        )
        self.shell = self.ssh.invoke_shell("xterm-256color", 80, 24)
        threading.Thread(target=self.pump, daemon=True).start()

    def pump(self):
        send = async_to_sync(get_channel_layer().group_send)
        while True:
            data = self.shell.recv(READ_BYTES)
            if not data:
                return
            try:
                send(self.group, {"type": "ssh.message", "message": data.decode("utf8", "ignore")})
            except Exception:
                return

    def ssh_message(self, event):
        self.send(json.dumps({"flag": "success", "message": event["message"]}))

    def receive(self, text_data=None, bytes_data=None):
        self.shell.send(json.loads(text_data).get("data", ""))

    def disconnect(self, code):
        async_to_sync(self.channel_layer.group_discard)(self.group, self.channel_name)
        self.ssh.close()


class Watch(WebsocketConsumer):
    """Looks at the session begun last."""

    def connect(self):
        self.group = Terminal.newest
        self.accept()
        async_to_sync(self.channel_layer.group_add)(self.group, self.channel_name)

    def ssh_message(self, event):
        self.send(json.dumps({"flag": "success", "message": event["message"]}))

    def disconnect(self, code):
        async_to_sync(self.channel_layer.group_discard)(self.group, self.channel_name)


application = ProtocolTypeRouter(
    {"http": get_asgi_application(), "websocket": URLRouter([re_path(r"^$", Terminal.as_asgi()), re_path(r"^watch$", Watch.as_asgi())])}
)
