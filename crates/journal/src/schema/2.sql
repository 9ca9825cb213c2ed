-- Of a fact that names someone who has been forgotten since it was first written: the hash of `fact` as it is kept now. `content` and the chain
-- stay those of what was written first.
ALTER TABLE kept ADD COLUMN rewritten BLOB;

-- Where backups went, and which files still hold what has been forgotten: '' is this one.
CREATE TABLE backup (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE unerased (path TEXT PRIMARY KEY) WITHOUT ROWID;
