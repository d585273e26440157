--TEST--
Exports of other owners are not there
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
bed();
$id = ybb_export(request(['limit' => 5], ['owner' => 'ana']))['data']['export_id'];
foreach (['ana', null, 'bob', ''] as $owner) {
    foreach (['status', 'chunks', 'cancel'] as $what) {
        $answer = "ybb_export_$what"($id, $owner);
        echo $answer['error_code'] ?? $answer['status'], ' ';
    }
    $answer = ybb_export_wait($id, 0, $owner);
    echo $answer['error_code'] ?? $answer['status'], ' ';
    $answer = ybb_export_download($id, null, $owner);
    echo $answer['error_code'] ?? $answer['status'], ' ';
    echo ybb_export_resume($id, $owner)['error_code'], "\n";
}
echo ybb_export_delete($id, 'bob')['error_code'], ' ', ybb_export_delete($id, 'ana')['status'], "\n";
?>
--EXPECT--
success success success success success NOT_RESUMABLE
success success success success success NOT_RESUMABLE
NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND
NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND
NOT_FOUND success
