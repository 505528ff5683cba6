/** What a transaction of each kind has in it, by which a proxy knows which COMMIT is to get no answer. */
export const lostCommits = {
  page: /INSERT INTO scanned/,
  lastPage: /UPDATE polls SET due_ms/,
  notification: /INSERT INTO notifications/,
  acceptance: /DELETE FROM notifications WHERE id = ANY/,
  grant: /INSERT INTO grants/,
  endOfLane: /pg_advisory_xact_lock\(/,
} as const;
