--TEST--
An export of fewer than 1,000 records is there when ybb_export() returns
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
bed();
$answer = ybb_export(request(['limit' => 25]));
echo $answer['status'], ' ', $answer['export_strategy'], ' ', $answer['data']['record_count'], "\n";
$file = ybb_export_download($answer['data']['export_id']);
echo $file['status'], ' ', $file['file_name'], ' ', $file['content_type'], "\n";
var_dump($file['file_size'] === $answer['data']['file_size']);
var_dump(stream_get_meta_data($file['stream'])['seekable']);
$rows = [];
fseek($file['stream'], 3);
while (($row = fgetcsv($file['stream'])) !== false) {
    $rows[] = $row;
}
echo count($rows), ' ', $rows[0][1], "\n";
rewind($file['stream']);
echo strlen(stream_get_contents($file['stream'])) - $file['file_size'], "\n";
var_dump(@fwrite($file['stream'], 'x'));
echo ybb_export_status($answer['data']['export_id'])['status'], "\n";
echo ybb_export_chunks($answer['data']['export_id'])['total_chunks'], "\n";
echo ybb_export_delete($answer['data']['export_id'])['status'], "\n";
echo ybb_export_status($answer['data']['export_id'])['error_code'], "\n";
echo ybb_export_download($answer['data']['export_id'])['error_code'], "\n";
?>
--EXPECT--
success immediate_single 25
success participants_export.csv text/csv; charset=utf-8
bool(true)
bool(true)
26 Full Name
0
bool(false)
success
1
success
NOT_FOUND
NOT_FOUND
