-- The index of a run. Documents stay in their files; here is what is searched and counted.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,  -- relative to the run
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL  -- nanoseconds
);
-- Ids are never used twice: the full-text rows of removed documents stay.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    file INTEGER NOT NULL,
    number INTEGER NOT NULL,
    start INTEGER,  -- of its bytes in the file; null: see body
    length INTEGER,
    body BLOB,  -- zlib, of documents in compressed files
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    published TEXT NOT NULL,  -- ISO date or empty
    script TEXT NOT NULL,
    characters INTEGER NOT NULL,
    entities INTEGER NOT NULL,
    numbers INTEGER NOT NULL
);
CREATE INDEX documents_by_name ON documents (name);
CREATE INDEX documents_by_file ON documents (file);
CREATE INDEX documents_by_date ON documents (published);
-- Words and pairs of characters in their order, and each Chinese character once.
CREATE VIRTUAL TABLE search USING fts5 (text, chars, content='', tokenize='ascii');
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,  -- the entity's id, else label and name
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    label TEXT NOT NULL,
    tickers TEXT NOT NULL
);
CREATE INDEX names_by_name ON names (folded);
CREATE TABLE tickers (
    ticker TEXT NOT NULL,
    name INTEGER NOT NULL,
    PRIMARY KEY (ticker, name)
) WITHOUT ROWID;
CREATE TABLE mentions (
    name INTEGER NOT NULL,
    document INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (name, document)
) WITHOUT ROWID;
CREATE TABLE labels (
    label TEXT NOT NULL,
    document INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (label, document)
) WITHOUT ROWID;
-- The numbers with a value in a document, by label and unit: the least, the greatest, the bins that they
-- touch, and of each its ends, low and high in turn, as doubles. Of an exact value both ends are the same.
CREATE TABLE amounts (
    label TEXT NOT NULL,
    unit TEXT NOT NULL,
    document INTEGER NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    bins INTEGER NOT NULL,  -- see bins.py
    ends BLOB NOT NULL,
    PRIMARY KEY (label, unit, document)
) WITHOUT ROWID;
CREATE TABLE problems (file INTEGER NOT NULL, number INTEGER NOT NULL, message TEXT NOT NULL);
-- Made anew after each refresh.
CREATE TABLE top (
    name INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    documents INTEGER NOT NULL,
    mentions INTEGER NOT NULL
);
CREATE INDEX top_by_label ON top (label, documents);
CREATE TABLE histogram (
    label TEXT NOT NULL,
    unit TEXT NOT NULL,
    bin INTEGER,  -- quarter of a power of ten; null: zero or less
    count INTEGER NOT NULL
);
CREATE TABLE months (month TEXT PRIMARY KEY, documents INTEGER NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
