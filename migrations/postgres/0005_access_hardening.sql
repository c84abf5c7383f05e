-- Who suspended an account: nobody below them lets the person in again. None when not suspended, by the program, or before this.
ALTER TABLE account ADD COLUMN suspended_by UUID REFERENCES account (id);
