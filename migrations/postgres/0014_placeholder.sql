-- Holds the number until the migration of another branch takes it.
SELECT 1;
