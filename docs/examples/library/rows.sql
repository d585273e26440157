INSERT INTO app_branches VALUES
    ('HQ', 'Central Library', 'Jakarta'),
    ('north', 'North Reading Room', 'Medan'),
    ('harbour', 'Harbour Kiosk', NULL);
INSERT INTO app_books VALUES
    ('978-0-00-000001-1', 'A Map of Quiet Rivers', 'Ines Prado', 'en', 85000.00, NULL),
    ('978-0-00-000002-8', 'Laut dan Langit', 'Bima Santosa', 'id', 64500.50, NULL),
    ('978-0-00-000003-5', '=SUM(Stars)', NULL, 'xx', NULL, NULL),
    ('978-0-00-000004-2', 'Tables, Turned', 'Ines Prado', 'en', 0.10, '2024-06-30'),
    ('978-0-00-000005-9', 'The Reader''s "Key"', 'Noor Haddad', NULL, 12.34, NULL);
INSERT INTO app_copies VALUES
    ('978-0-00-000001-1', 1, 'HQ', 'A-01'),
    ('978-0-00-000001-1', 2, 'north', 'N-07'),
    ('978-0-00-000002-8', 1, 'harbour', 'K-1'),
    ('978-0-00-000002-8', 2, NULL, NULL),
    ('978-0-00-000003-5', 1, 'HQ', 'S-99');
INSERT INTO app_members VALUES
    (1, 'HQ', 'Sari Wulandari', 'sari@example.org', 1, '2024-01-15', 150000.00, NULL, 0),
    (2, 'north', 'Tomás Ferreira', 'tomas@example.org', 2, '2024-02-29', 75000.50, 'Prefers e-mail', 0),
    (3, 'harbour', '陳美玲', NULL, NULL, '2024-03-01', NULL, '', 0),
    (4, 'HQ', 'O''Brien; "Pat"', 'pat@example.org', 7, NULL, 0.00, '+62 is where I am', 0),
    (5, NULL, 'Closed Account', 'gone@example.org', 1, '2023-05-05', 1.00, NULL, 1),
    (6, 'nowhere', 'Lina Koh', 'lina@example.org', 0, '2024-12-31', 999999999.99, NULL, 0);
INSERT INTO app_loans VALUES
    (10, 1, '978-0-00-000001-1', 1, '2024-04-02', '2024-04-20', 'returned'),
    (11, 1, '978-0-00-000002-8', 1, '2024-05-02', NULL, 'out'),
    (12, 1, '978-0-00-000003-5', 1, '2024-03-02', '2024-06-20', 'late'),
    (13, 2, '978-0-00-000001-1', 2, '2024-04-02', '2024-04-03', 'returned'),
    (14, 3, '978-0-00-000002-8', 2, '2024-07-01', NULL, 'lost'),
    (15, 3, '978-0-00-000001-1', 9, '2024-07-02', NULL, 'Lost'),
    (16, 5, '978-0-00-000001-1', 1, '2024-01-01', NULL, 'out');
