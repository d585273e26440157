--TEST--
An export whose process has gone is carried out by one that only asks how far it is
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
bed();
[$id, $status] = run_apart('ini_set("ybb_export.mode", "worker");
    echo ybb_export(request([], ["large_dataset_options" => ["strategy" => "single"]]))["data"]["export_id"];');
echo $status, ' ';
for ($tries = 0; $tries < 1200; $tries++) {
    $answer = ybb_export_status($id);
    if ($answer['status'] !== 'processing') {
        break;
    }
    usleep(50000);
}
echo $answer['status'], "\n";
[$id, $status] = run_apart('ini_set("ybb_export.mode", "worker");
    echo ybb_export(request([], ["large_dataset_options" => ["strategy" => "multi_file"]]))["data"]["export_id"];');
echo $status, ' ', ybb_export_wait($id, 60)['status'], "\n";
?>
--EXPECT--
0 success
0 success
