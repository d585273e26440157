<?php
/* php_read.php standard|detailed: reads the rows of a participants export and throws them away. */
require __DIR__ . '/php_rows.php';

$statements = statements($argv[1]);
$set_up = array_shift($statements);
$rows = $bytes = 0;
foreach ($statements as $number => $statement) {
    foreach (rows($set_up, $statement) as $row) {
        foreach ($row as $cell) {
            $bytes += strlen($cell ?? '');
        }
        $rows += $number === 0;
    }
}
echo json_encode(['rows' => $rows, 'bytes' => $bytes]);
