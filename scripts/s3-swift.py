"""OpenStack Swift with its S3 interface on a loopback port, in one process, for the tests of the S3 connector.

s3-swift.py FOLDER PORT: account and container databases lie in FOLDER, objects in memory. FOLDER/keys then
holds the access key and the secret key. Ends with SIGTERM.
"""
import os
import sys

import eventlet

eventlet.monkey_patch()

from eventlet import wsgi  # noqa: E402
from swift.account.server import AccountController  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.utils import set_swift_dir  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402
from swift.container.server import ContainerController  # noqa: E402
from swift.obj.mem_server import ObjectController  # noqa: E402

folder, port = sys.argv[1], int(sys.argv[2])
PARTS = {"account": AccountController, "container": ContainerController, "object": ObjectController}


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def ring(name, address):
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, "device": "d1", "ip": address[0],
                     "port": address[1], "replication_ip": address[0], "replication_port": address[1], "meta": ""})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, name + ".ring.gz"))


os.makedirs(os.path.join(folder, "devices", "d1", "tmp"), exist_ok=True)
write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = tests\n[storage-policy:0]\nname = only\ndefault = yes\n")
set_swift_dir(folder)
listeners = {name: eventlet.listen(("127.0.0.1", 0)) for name in PARTS}
for name, listener in listeners.items():
    ring(name, listener.getsockname())
write("proxy.conf", f"""[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors cache listing_formats bulk s3api tempauth slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = eu-central-1
min_segment_size = 1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
""")
conf = {"devices": os.path.join(folder, "devices"), "mount_check": "false", "swift_dir": folder,
        "disable_fallocate": "true", "fallocate_reserve": "0"}
quiet = open(os.devnull, "w", encoding="utf-8")
for name, part in PARTS.items():
    eventlet.spawn(wsgi.server, listeners[name], part(conf), log=quiet)
write("keys", "test:tester testing\n")
wsgi.server(eventlet.listen(("127.0.0.1", port)), loadapp(os.path.join(folder, "proxy.conf")), log=quiet)
