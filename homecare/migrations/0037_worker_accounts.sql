-- A worker who signs in by an invited telephone needs neither an address nor a password: the invitation makes the account.
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
