-- Keys in a third of their size: a global number as the integer of its digits, a number of the house
-- as its text (the column has no affinity, so each stays what it is), a kind as a small integer. The
-- keys of a million contacts then stay in memory, and a lookup reads the page of the contact only.

CREATE TABLE short_key (
    basis   INTEGER NOT NULL,               -- 0 exact, 1 stem
    number  NOT NULL,                       -- integer: +digits; text: as it is
    contact INTEGER NOT NULL,
    kind    INTEGER NOT NULL,               -- 0 phone, 1 mobile, 2 home, 3 assistant, 4 other
    PRIMARY KEY (basis, number, contact)
) WITHOUT ROWID;

INSERT INTO short_key (basis, number, contact, kind)
SELECT basis,
       CASE WHEN number GLOB '+[1-9]*' AND substr(number, 2) NOT GLOB '*[^0-9]*' AND length(number) <= 19
            THEN CAST(substr(number, 2) AS INTEGER) ELSE number END,
       contact,
       CASE kind WHEN 'phone' THEN 0 WHEN 'mobile' THEN 1 WHEN 'home' THEN 2 WHEN 'assistant' THEN 3 ELSE 4 END
FROM number_key ORDER BY 1, 2, 3;

DROP TABLE number_key;
ALTER TABLE short_key RENAME TO number_key;
CREATE INDEX number_key_of_contact ON number_key (contact);
