-- A lending library. The same statements on SQLite, MariaDB and MySQL.
CREATE TABLE app_branches (
    code VARCHAR(8) NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    city VARCHAR(60)
);
CREATE TABLE app_books (
    isbn VARCHAR(20) NOT NULL PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    author VARCHAR(100),
    language VARCHAR(8),
    price DECIMAL(10, 2),
    withdrawn_on DATE
);
-- A copy is known by its book and its number there.
CREATE TABLE app_copies (
    isbn VARCHAR(20) NOT NULL,
    copy_number INTEGER NOT NULL,
    branch_code VARCHAR(8),
    shelf VARCHAR(20),
    PRIMARY KEY (isbn, copy_number)
);
CREATE TABLE app_members (
    id INTEGER NOT NULL PRIMARY KEY,
    branch_code VARCHAR(8),
    full_name VARCHAR(100) NOT NULL,
    email VARCHAR(100),
    standing INTEGER,
    joined_on DATE,
    deposit DECIMAL(12, 2),
    note VARCHAR(500),
    closed INTEGER NOT NULL
);
CREATE TABLE app_loans (
    id INTEGER NOT NULL PRIMARY KEY,
    member_id INTEGER NOT NULL,
    isbn VARCHAR(20) NOT NULL,
    copy_number INTEGER NOT NULL,
    lent_on DATE NOT NULL,
    returned_on DATE,
    state VARCHAR(10) NOT NULL
);
CREATE INDEX app_copies_branch ON app_copies (branch_code);
CREATE INDEX app_members_branch ON app_members (branch_code);
CREATE INDEX app_loans_member ON app_loans (member_id);
CREATE INDEX app_loans_copy ON app_loans (isbn, copy_number);
