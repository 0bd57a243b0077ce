/** `WWst` in the file's header, so that `file` and we know whose it is (SQLite: PRAGMA application_id). */
export const APPLICATION_ID = 0x57577374;

/**
 * Steps of the state store's form, in order: step n leads from version n to n + 1. Never edited once released; a store of any
 * earlier version is led forward in one transaction when it is opened.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE documents (
     kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT NOT NULL, time INTEGER NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (kind, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX documents_by_time ON documents (kind, time);
   CREATE INDEX documents_by_parent ON documents (kind, parent, time);
   CREATE INDEX documents_by_state ON documents (kind, state, time);
   CREATE TABLE machines (machine TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (machine, key)) STRICT, WITHOUT ROWID;
   CREATE TABLE audit (
     seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL,
     details TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;
   CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END;`,
];
