"""gunicorn loads the application once and forks: what the processes share, and what they must not."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.serving import ROOT

PARENT = """
import json, os, random, sys, threading
from plugin import create_app
from plugin.chart import rows
from plugin.drchrono import budget
from plugin.drchrono.connections import NewConnection, Tokens, save_connection
from plugin.drchrono.deadline import Deadline
from plugin.extensions import db, reading

app = create_app(json.loads(sys.argv[1]))
app.app_context().push()
say = lambda **told: os.write(1, (json.dumps(told) + "\\n").encode())
say(threads=threading.active_count(), connections=db.engine.pool.checkedin() + db.engine.pool.checkedout())
save_connection(NewConnection(
    doctor_id=1, user_id=1, is_staff=False, practice_group=None, scope="", tokens=Tokens("a", "r"), expires_in=3600
))
deadline = Deadline.after(30)
held = threading.Event()

def hold():  # another thread is in the middle of a transaction, and of a reservation, at the fork
    with app.app_context(), budget._queue, reading() as session:
        session.connection()
        held.set()
        threading.Event().wait()

threading.Thread(target=hold, daemon=True).start()
held.wait()
for patient in (1, 2):
    child = os.fork()
    if not child:
        inherited = db.engine.pool.checkedin() + db.engine.pool.checkedout()
        budget.reserve(1, budget.Need.PANEL, deadline)
        lease = rows.take_lease(1, patient, seconds=5)
        say(inherited=inherited, owner=lease.owner, random=random.random(), left=budget.budget_left())
        os._exit(0)
    os.waitpid(child, 0)
"""

READY = """
import gc, runpy
runpy.run_path("gunicorn.conf.py")["when_ready"](None)
print(gc.get_freeze_count() > 10_000, len(gc.get_objects()) < 1_000)
"""


def test_what_was_loaded_is_not_looked_through_for_garbage_again():
    done = subprocess.run(
        [sys.executable, "-c", READY], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["True", "True"]


def test_forked_processes_share_nothing_that_is_their_own(settings):
    done = subprocess.run(
        [sys.executable, "-c", PARENT, json.dumps(settings)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    parent, one, other = map(json.loads, done.stdout.splitlines())
    assert parent == {"threads": 1, "connections": 0}, "loading alone opens and starts nothing"
    assert (one["inherited"], other["inherited"]) == (0, 0)
    assert one["owner"] != other["owner"]
    assert one["random"] != other["random"]
    assert one["left"] - other["left"] == 1
