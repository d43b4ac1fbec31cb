-- One company. `record` holds the truth; tables named after a kind of record hold its keys.
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS record (
  position INTEGER PRIMARY KEY,
  entity TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (entity, id)
);

-- Who has which name; a space is where names must differ.
CREATE TABLE IF NOT EXISTS name (
  space TEXT NOT NULL,
  key TEXT NOT NULL,
  entity TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (space, key, entity, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS name_owner ON name (entity, id);

-- What was deleted and when, for change data capture; `at` is in microseconds since 1970.
CREATE TABLE IF NOT EXISTS deleted (
  entity TEXT NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  stamp TEXT NOT NULL,
  PRIMARY KEY (entity, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sequence (key TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;

-- The first answer to each requestid: `sent` is the digest of what was asked, `at` seconds since 1970.
CREATE TABLE IF NOT EXISTS answer (
  key TEXT PRIMARY KEY,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  committed TEXT NOT NULL,
  sent TEXT NOT NULL,
  at REAL NOT NULL
) WITHOUT ROWID;

-- What was uploaded, by the id of its Attachable.
CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, content BLOB NOT NULL);

-- The ledger. Amounts are cents, debits above zero: `amount` in the home currency, `original` in
-- that of the transaction. `basis`: 0 both bases, 1 accrual only, 2 cash only. `owed` marks what
-- a customer owes or a vendor is owed; `debt` is the record whose debt it is or pays (Invoice:101),
-- empty for the transaction itself, and `due` when that is due, empty for its date. `customer` is
-- whom an expense is for, empty where that is nobody but `name`.
CREATE TABLE IF NOT EXISTS posting (
  entity TEXT NOT NULL,
  id TEXT NOT NULL,
  basis INTEGER NOT NULL,
  day TEXT NOT NULL,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL,
  original INTEGER NOT NULL,
  part TEXT NOT NULL,
  owed INTEGER NOT NULL,
  name TEXT NOT NULL,
  item TEXT NOT NULL,
  class TEXT NOT NULL,
  department TEXT NOT NULL,
  memo TEXT NOT NULL,
  debt TEXT NOT NULL,
  due TEXT NOT NULL,
  customer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS posting_transaction ON posting (entity, id);
CREATE INDEX IF NOT EXISTS posting_account ON posting (account, day);
CREATE INDEX IF NOT EXISTS posting_day ON posting (day);

-- What came in and went out of each inventory item: `quantity` in parts of 1/100,000, `cost` what
-- one cost, a decimal.
CREATE TABLE IF NOT EXISTS stock (
  entity TEXT NOT NULL,
  id TEXT NOT NULL,
  item TEXT NOT NULL,
  day TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  cost TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS stock_transaction ON stock (entity, id);
CREATE INDEX IF NOT EXISTS stock_item ON stock (item);

-- Sums over the ledger on the accrual basis, kept by the triggers below; `name` only where owed.
CREATE TABLE IF NOT EXISTS balance (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  amount INTEGER NOT NULL,
  original INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS balance_name ON balance (name);

CREATE TRIGGER IF NOT EXISTS posted AFTER INSERT ON posting WHEN new.basis < 2 BEGIN
  INSERT INTO balance VALUES (new.account, iif(new.owed, new.name, ''), new.amount, new.original)
  ON CONFLICT DO UPDATE
  SET amount = amount + excluded.amount, original = original + excluded.original;
END;
CREATE TRIGGER IF NOT EXISTS unposted AFTER DELETE ON posting WHEN old.basis < 2 BEGIN
  UPDATE balance SET amount = amount - old.amount, original = original - old.original
  WHERE account = old.account AND name = iif(old.owed, old.name, '');
END;
CREATE TRIGGER IF NOT EXISTS moved AFTER UPDATE OF account ON posting WHEN new.basis < 2 BEGIN
  UPDATE balance SET amount = amount - old.amount, original = original - old.original
  WHERE account = old.account AND name = iif(old.owed, old.name, '');
  INSERT INTO balance VALUES (new.account, iif(new.owed, new.name, ''), new.amount, new.original)
  ON CONFLICT DO UPDATE
  SET amount = amount + excluded.amount, original = original + excluded.original;
END;
