-- The admin suspended the officer.
UPDATE account SET suspended_by = (SELECT id FROM account WHERE email_key = 'admin@contoh.go.id')
WHERE email_key = 'loket@contoh.go.id';
