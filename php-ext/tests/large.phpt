--TEST--
A larger export goes on in the background; its batches and its archive can be read
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
bed();
$request = request(['limit' => 2500], ['large_dataset_options' => ['strategy' => 'multi_file', 'chunk_size' => 1000]]);
$answer = ybb_export($request);
$id = $answer['data']['export_id'];
echo $answer['status'], ' ', $answer['metadata']['priority'], "\n";
$answer = ybb_export_wait($id, 60);
echo $answer['status'], ' ', $answer['data']['total_records'], ' in ', $answer['data']['total_files'], "\n";
foreach ([1, '2', 3, 'zip'] as $part) {
    $file = ybb_export_download($id, $part);
    echo $file['file_name'], ' ', fstat($file['stream'])['size'] === $file['file_size'] ? 'whole' : 'short', "\n";
}
echo substr(stream_get_contents($file['stream']), 0, 2), "\n";
echo ybb_export_download($id)['file_name'], ' ', ybb_export_download($id, 4)['error_code'], "\n";
foreach ([0, -1, 'x', '', PHP_INT_MAX] as $part) {
    echo thrown(fn () => ybb_export_download($id, $part)), "\n";
}
echo ybb_export_resume($id)['error_code'], "\n";
echo ybb_export_cancel($id)['status'], "\n";
echo ybb_export_queue()['data']['queue']['queued'] ?? ybb_export_queue()['data']['queued'] ?? '?', "\n";
echo ybb_export_stats()['data']['exports']['completed'], "\n";
echo ybb_export_sweep()['status'], "\n";
echo ybb_export_wait('exp_00000000000000000000000000', 0)['error_code'], "\n";
foreach ([-1, NAN] as $seconds) {
    echo thrown(fn () => ybb_export_wait($id, $seconds)), "\n";
}
echo ybb_export_wait($id, INF)['status'], "\n";
?>
--EXPECT--
processing high
success 2500 in 3
participants_batch_1_of_3.csv whole
participants_batch_2_of_3.csv whole
participants_batch_3_of_3.csv whole
participants_complete_export.zip whole
PK
participants_complete_export.zip NOT_FOUND
ValueError: ybb_export_download(): Argument #2 ($part) must be the number of a batch, "zip" or null
ValueError: ybb_export_download(): Argument #2 ($part) must be the number of a batch, "zip" or null
ValueError: ybb_export_download(): Argument #2 ($part) must be the number of a batch, "zip" or null
ValueError: ybb_export_download(): Argument #2 ($part) must be the number of a batch, "zip" or null
ValueError: ybb_export_download(): Argument #2 ($part) must be the number of a batch, "zip" or null
NOT_RESUMABLE
success
0
1
success
NOT_FOUND
ValueError: ybb_export_wait(): Argument #2 ($seconds) must be greater than or equal to 0
ValueError: ybb_export_wait(): Argument #2 ($seconds) must be greater than or equal to 0
success
