/**
 * Each is applied once, in order, in a transaction of its own; `user_version` counts them. Only ever append: a state file
 * in the field has run what stands here. Times are epoch milliseconds.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE polls (
    key TEXT PRIMARY KEY,
    instance_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    baseline TEXT NOT NULL CHECK (baseline IN ('now', 'since', 'snapshot')),
    baseline_ms INTEGER,
    due_ms INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    failure_reason TEXT,
    is_paused INTEGER NOT NULL DEFAULT 0,
    page_size INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE scans (
    poll_key TEXT NOT NULL REFERENCES polls (key) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('changes', 'deletions')),
    watermark_ms INTEGER,
    checkpoint TEXT,
    PRIMARY KEY (poll_key, kind)
  ) STRICT, WITHOUT ROWID;

  -- Objects that an unfinished scan has shown.
  CREATE TABLE scanned (
    poll_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    PRIMARY KEY (poll_key, kind, object_id)
  ) STRICT, WITHOUT ROWID;

  -- The latest version of each object that was read.
  CREATE TABLE ledger (
    poll_key TEXT NOT NULL,
    object_id TEXT NOT NULL,
    updated_ms INTEGER,
    hash TEXT NOT NULL,
    is_deleted INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    earlier_hashes TEXT NOT NULL,
    PRIMARY KEY (poll_key, object_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    poll_key TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    object_id TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('CREATED', 'UPDATED', 'DELETED')),
    reason TEXT NOT NULL,
    date_ms INTEGER NOT NULL,
    poll_date_ms INTEGER NOT NULL,
    record TEXT NOT NULL,
    notification_id TEXT,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
    settled_ms INTEGER
  ) STRICT;
  CREATE INDEX events_ungrouped ON events (sequence) WHERE notification_id IS NULL;
  CREATE INDEX events_of_notification ON events (notification_id);
  CREATE INDEX events_lane ON events (poll_key, object_id, sequence) WHERE state = 'pending';

  -- Delivered notifications are deleted; their events stay.
  CREATE TABLE notifications (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    instance_id TEXT NOT NULL,
    body BLOB NOT NULL,
    event_count INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    first_failed_ms INTEGER,
    next_attempt_ms INTEGER NOT NULL,
    last_failure TEXT,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX notifications_due ON notifications (next_attempt_ms, sequence, instance_id, id) WHERE state = 'pending';

  CREATE TABLE grants (
    instance_id TEXT PRIMARY KEY,
    access_token TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    access_expires_ms INTEGER NOT NULL,
    refresh_expires_ms INTEGER,
    seed_mark TEXT NOT NULL,
    dead_reason TEXT
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Instances on a platform, as apply knows them.
  CREATE TABLE registrations (
    platform TEXT NOT NULL,
    element_key TEXT NOT NULL,
    name TEXT NOT NULL,
    instance_id TEXT,
    token TEXT,
    creating_since_ms INTEGER,
    PRIMARY KEY (platform, element_key, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE polls ADD COLUMN finished_ms INTEGER;

  -- How often somebody had the event delivered anew. New events go before those.
  ALTER TABLE events ADD COLUMN replays INTEGER NOT NULL DEFAULT 0;
  DROP INDEX events_ungrouped;
  CREATE INDEX events_new ON events (sequence) WHERE notification_id IS NULL AND replays = 0;
  CREATE INDEX events_replayed ON events (sequence) WHERE notification_id IS NULL AND replays > 0;
  CREATE INDEX events_dead ON events (poll_key) WHERE state = 'dead';
  CREATE INDEX events_delivered ON events (settled_ms) WHERE state = 'delivered';

  -- Notifications that carried an event before the one that carries it now: they were split, or the event was replayed.
  CREATE TABLE former_notifications (
    event_sequence INTEGER NOT NULL,
    notification_id TEXT NOT NULL,
    PRIMARY KEY (event_sequence, notification_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX former_notifications_of_id ON former_notifications (notification_id);
  CREATE INDEX notifications_dead ON notifications (id) WHERE state = 'dead';

  -- Outlive their notifications.
  CREATE TABLE attempts (
    sequence INTEGER PRIMARY KEY,
    notification_id TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    failure TEXT,
    answer TEXT
  ) STRICT;
  CREATE INDEX attempts_of_notification ON attempts (notification_id);
  CREATE INDEX attempts_started ON attempts (started_ms);

  CREATE TABLE endpoints (
    endpoint TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'disabled')),
    reason TEXT,
    since_ms INTEGER NOT NULL,
    retry_at_ms INTEGER,
    failing_since_ms INTEGER
  ) STRICT, WITHOUT ROWID;

  -- The receiver of each instance that was ever run.
  CREATE TABLE instances (id TEXT PRIMARY KEY, endpoint TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- One row: how often somebody resumed or replayed, so that a running process can notice.
  CREATE TABLE interventions (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), count INTEGER NOT NULL) STRICT;
  INSERT INTO interventions VALUES (1, 0);
  `,
  `
  -- Requests to Sage that were about to be made: what a process that ended may have spent of a budget.
  CREATE TABLE request_reservations (
    app TEXT NOT NULL,
    business TEXT NOT NULL,
    requests INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX request_reservations_of_app ON request_reservations (app, business, until_ms);
  `,
  'ALTER TABLE polls ADD COLUMN requests_per_hundred INTEGER',
  `
  -- Most of an event, and it never changes: beside the event, which is written again when it is put into a notification and
  -- when that is delivered.
  CREATE TABLE records (
    event_sequence INTEGER PRIMARY KEY REFERENCES events (sequence) ON DELETE CASCADE,
    record TEXT NOT NULL
  ) STRICT;
  INSERT INTO records SELECT sequence, record FROM events ORDER BY sequence;
  ALTER TABLE events DROP COLUMN record;
  DROP INDEX events_of_notification;

  -- Ids of notifications lie all over an index: of those that are delivered there are many, and nothing asks for theirs.
  CREATE INDEX events_of_notification ON events (notification_id)
    WHERE notification_id IS NOT NULL AND state <> 'delivered';

  -- Instance by instance: a backlog of one is not walked through to get at the events of another.
  DROP INDEX events_new;
  DROP INDEX events_replayed;
  CREATE INDEX events_new ON events (instance_id, sequence) WHERE notification_id IS NULL AND replays = 0;
  CREATE INDEX events_replayed ON events (instance_id, sequence) WHERE notification_id IS NULL AND replays > 0;

  -- What bodies are made of besides their events: a row an instance, and another when it is configured otherwise.
  CREATE TABLE recipes (id INTEGER PRIMARY KEY, ingredients TEXT NOT NULL UNIQUE) STRICT;

  -- Delivered notifications are deleted; their events stay. A body that can be made again from its events is not kept.
  CREATE TABLE lean_notifications (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    instance_id TEXT NOT NULL,
    body BLOB,
    recipe_id INTEGER REFERENCES recipes (id),
    event_count INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    first_failed_ms INTEGER,
    next_attempt_ms INTEGER NOT NULL,
    last_failure TEXT,
    -- With a recipe, also what the body says.
    created_ms INTEGER NOT NULL,
    CHECK (body IS NOT NULL OR recipe_id IS NOT NULL)
  ) STRICT;
  INSERT INTO lean_notifications
    (sequence, id, instance_id, body, event_count, state, attempts, first_failed_ms, next_attempt_ms, last_failure,
      created_ms)
  SELECT sequence, id, instance_id, body, event_count, state, attempts, first_failed_ms, next_attempt_ms, last_failure,
    created_ms
  FROM notifications ORDER BY sequence;
  DROP TABLE notifications;
  ALTER TABLE lean_notifications RENAME TO notifications;
  CREATE INDEX notifications_due ON notifications (next_attempt_ms, sequence, instance_id, id) WHERE state = 'pending';
  CREATE INDEX notifications_dead ON notifications (id) WHERE state = 'dead';
  `,
  `
  -- An event's row never changes any more, but for the count of its replays: where it stands is told by what is narrow. It
  -- waits here until a notification carries it. New ones go before those that are delivered anew.
  CREATE TABLE waiting (
    is_replay INTEGER NOT NULL,
    instance_id TEXT NOT NULL,
    event_sequence INTEGER NOT NULL,
    PRIMARY KEY (is_replay, instance_id, event_sequence)
  ) STRICT, WITHOUT ROWID;

  -- Which notification carries an event, or has delivered it, by runs of events that follow each other without a gap.
  CREATE TABLE carried (
    first_sequence INTEGER PRIMARY KEY,
    last_sequence INTEGER NOT NULL,
    notification_sequence INTEGER NOT NULL
  ) STRICT;

  -- What is left of a notification that was delivered, as long as its events are kept. Those that were delivered before
  -- this was kept, or elsewhere, have numbers below zero.
  CREATE TABLE deliveries (
    notification_sequence INTEGER PRIMARY KEY,
    notification_id TEXT NOT NULL,
    settled_ms INTEGER NOT NULL,
    attempt_sequence INTEGER
  ) STRICT;

  -- When it was given up.
  ALTER TABLE notifications ADD COLUMN settled_ms INTEGER;
  UPDATE notifications
  SET settled_ms = (SELECT max(settled_ms) FROM events WHERE notification_id = notifications.id AND state <> 'delivered')
  WHERE state = 'dead';

  INSERT INTO deliveries
  SELECT -min(sequence), notification_id, coalesce(settled_ms, 0), NULL FROM events
  WHERE state = 'delivered' AND notification_id IS NOT NULL
  GROUP BY notification_id, settled_ms;

  INSERT INTO carried
  SELECT min(sequence), max(sequence), carrier
  FROM (
    SELECT sequence, carrier, sequence - row_number() OVER (PARTITION BY carrier ORDER BY sequence) AS run
    FROM (
      SELECT events.sequence,
        CASE events.state
          WHEN 'delivered'
          THEN -min(events.sequence) OVER (PARTITION BY events.state, events.notification_id, events.settled_ms)
          ELSE notifications.sequence
        END AS carrier
      FROM events
        LEFT JOIN notifications
          ON notifications.id = events.notification_id AND notifications.state = events.state
      WHERE events.notification_id IS NOT NULL)
    WHERE carrier IS NOT NULL)
  GROUP BY carrier, run
  ORDER BY min(sequence);
  CREATE INDEX carried_of_notification ON carried (notification_sequence);
  CREATE INDEX deliveries_settled ON deliveries (settled_ms);

  INSERT INTO waiting
  SELECT replays > 0, instance_id, sequence FROM events
  WHERE NOT EXISTS (
    SELECT 1 FROM carried
    WHERE first_sequence = (SELECT max(first_sequence) FROM carried WHERE first_sequence <= events.sequence)
      AND last_sequence >= events.sequence);

  -- The attempt that a receiver accepted is known to the delivery: ids lie all over an index, which is written for each.
  ALTER TABLE attempts ADD COLUMN is_of_delivery INTEGER NOT NULL DEFAULT 0;
  DROP INDEX attempts_of_notification;
  CREATE INDEX attempts_of_notification ON attempts (notification_id) WHERE is_of_delivery = 0;

  DROP INDEX events_new;
  DROP INDEX events_replayed;
  DROP INDEX events_lane;
  DROP INDEX events_dead;
  DROP INDEX events_delivered;
  DROP INDEX events_of_notification;
  ALTER TABLE events DROP COLUMN notification_id;
  ALTER TABLE events DROP COLUMN state;
  ALTER TABLE events DROP COLUMN settled_ms;

  -- Of those there are few: a new event of their object waits for them.
  CREATE INDEX events_replayed ON events (poll_key, object_id, sequence) WHERE replays > 0;
  CREATE INDEX notifications_of_instance ON notifications (instance_id) WHERE state = 'pending';

  CREATE VIEW event_states AS
  SELECT events.*,
    coalesce(notifications.id, deliveries.notification_id) AS notification_id,
    CASE
      WHEN deliveries.notification_sequence IS NOT NULL THEN 'delivered'
      WHEN notifications.state = 'dead' THEN 'dead'
      ELSE 'pending'
    END AS state,
    coalesce(notifications.settled_ms, deliveries.settled_ms) AS settled_ms
  FROM events
    LEFT JOIN carried
      ON carried.first_sequence = (SELECT max(first_sequence) FROM carried WHERE first_sequence <= events.sequence)
      AND carried.last_sequence >= events.sequence
    LEFT JOIN notifications ON notifications.sequence = carried.notification_sequence
    LEFT JOIN deliveries ON deliveries.notification_sequence = carried.notification_sequence;
  `,
];
