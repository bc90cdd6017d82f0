"""`manage.py work`: the worker. django-q's cluster, started anew when it breaks; it leaves no process behind."""

import logging
import os
import time
import uuid
from datetime import timedelta
from multiprocessing.process import BaseProcess
from queue import Empty
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connections
from django.dispatch import receiver
from django.utils import timezone
from django_q import cluster
from django_q.signals import pre_execute
from django_q.signing import SignedPackage

from wizard import orphans
from wizard.administering.reminding import queue_due_reminders
from wizard.exploring.keeping import erase_outdated
from wizard.management.refusals import in_a_sentence
from wizard.monitoring import beating, serving
from wizard.retention.removing import remove_due
from wizard.sources.services import request_due_syncs
from wizard.telemetry import files
from wizard.vault import canary
from wizard.work.clock import go_on_by
from wizard.work.sweeping import sweep

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 5
# Seconds; what was put into the queue is there by then.
HAND_BACK_WAIT = 0.2
# A cluster that lived for fewer seconds than this is not worth another try.
SHORT_LIFE = 10
# What this worker is called among those that give a sign of life.
ME = uuid.uuid4()
LEFT_TO_OTHERS_FOR = timedelta(days=1)


class Command(BaseCommand):
    help = "Does the background work: sends connections, and looks after those that got no answer."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with in_a_sentence():
            canary.verify_at_start()
            # It may have been put back while nothing ran.
            go_on_by(timezone.now())
        # Own sessions: a stop reaches the main process alone, which lets running tasks finish.
        orphans.forks_end_with_us(own_session=True)
        serving.start()
        cluster.Sentinel = Guard
        started = time.monotonic()
        while not run_cluster():
            if time.monotonic() - started < SHORT_LIFE:
                raise CommandError("The worker's cluster ended unexpectedly.")
            logger.error("The worker's cluster ended unexpectedly. Starting another one.")
            started = time.monotonic()
        say_goodbye()


@receiver(pre_execute)
def leave_to_a_newer_version(func: object, task: dict[str, Any], **_more: Any) -> None:
    """A task that this version does not know stays in the queue, for a day: beside us works one that has queued it."""
    if func is None and timezone.now() - task["started"] < LEFT_TO_OTHERS_FOR:
        task["ack_failure"] = False


class Guard(cluster.Sentinel):
    """Ends, and its processes with it, when one of them was killed.

    django-q would replace that one. But if it held the queue's lock, as one of the idle ones always does,
    nobody would ever get a task again.
    """

    def reincarnate(self, process: BaseProcess) -> None:
        if (process.exitcode or 0) < 0:
            os._exit(1)
        super().reincarnate(process)

    def stop(self) -> None:
        """Ends with the tasks that run; those that were taken and not begun go back to the queue."""
        self.event_out.set()
        self.pusher.join()
        try:
            self._hand_back()
        except DatabaseError:
            logger.exception(
                "Tasks that were not begun could not be put back. They are taken up again in some minutes."
            )
        super().stop()

    def _hand_back(self) -> None:
        while task := self._taken():
            ack_id = task.pop("ack_id")
            self.broker.enqueue(SignedPackage.dumps(task))
            self.broker.acknowledge(ack_id)

    def _taken(self) -> dict[str, Any] | None:
        """One that no process has begun; None when all have: the idle ones are waiting for the next one, too."""
        try:
            found: dict[str, Any] = self.task_queue.get(timeout=HAND_BACK_WAIT)
        except Empty:
            return None
        return found


class Cluster(cluster.Cluster):
    """Told to stop by a signal, it waits for nothing there.

    What the signal has interrupted may hold the database's lock, for which those wait that are to end.
    """

    # Of this process: the signal may come when one cluster has ended and the next has not begun.
    is_told = False

    def stop(self) -> bool:
        is_first, Cluster.is_told = not self.is_told, True
        # An event that a killed process was waiting for cannot be set any more.
        if is_first and self.sentinel and self.sentinel.is_alive():
            self.stop_event.set()
        return True


def run_cluster() -> bool:
    """Runs until SIGTERM or SIGINT; False when the cluster ended by itself."""
    # A fork may not share its parent's connection.
    connections.close_all()
    running = Cluster()
    running.start()
    while running.sentinel.is_alive():
        if running.is_told:
            # It may have been told before there was anything that could stop.
            running.stop_event.set()
        else:
            look_after_the_left_behind()
        running.sentinel.join(SWEEP_SECONDS)
    return running.is_told


def look_after_the_left_behind() -> None:
    """At once and every few seconds: django-q's own schedules come round once a minute, too late for who is waiting."""
    # No request begins or ends here: what broke when the database was away would stay broken.
    close_old_connections()
    try:
        beating.beat(ME)
        sweep()
        request_due_syncs()
        queue_due_reminders()
        erase_outdated()
        remove_due()
    except DatabaseError:
        logger.exception("What is due could not be looked after; once more in %d seconds.", SWEEP_SECONDS)
        # Whatever is wrong with this connection, the next look has one of its own.
        connections.close_all()
    add_up_the_dead()


def say_goodbye() -> None:
    """Stopped on purpose: nobody is to miss this one for half a minute."""
    try:
        beating.end(ME)
    except DatabaseError:
        logger.exception("That this worker was stopped could not be noted.")


def add_up_the_dead() -> None:
    """Tasks are done in processes that come and go."""
    try:
        files.gather()
    except OSError as error:
        logger.warning("What processes have counted cannot be added up: %s", error.strerror)
