--TEST--
Exports of an owner are listed page by page; the queue knows the place of each; an owner has a limit
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
ini_set('ybb_export.mode', 'worker');
file_put_contents("$out/settings.json", json_encode(['queue_config' => ['max_unfinished_per_owner' => 3]]));
ini_set('ybb_export.config', "$out/settings.json");
$ids = [];
foreach (['ana', 'bob', 'ana', 'ana'] as $n => $owner) {
    $ids[] = ybb_export(request(['limit' => 2000 + $n], ['owner' => $owner, 'idempotency_key' => "key $n"]))['export_id'];
}
$numbers = fn (array $answer): string => implode(' ', array_map(fn (array $export): int => array_search($export['export_id'], $ids), $answer['data']['exports']));
echo $numbers(ybb_export_list()), "\n";
echo $numbers(ybb_export_list('ana')), "\n";
echo $numbers(ybb_export_list('eve')), "none\n";
$page = ybb_export_list('ana', 2);
echo $numbers($page), ' then ', $numbers(ybb_export_list('ana', 2, $page['data']['next'])), "\n";
var_dump(ybb_export_list('ana', 2, $page['data']['next'])['data']['next']);
$refused = ybb_export(request(['limit' => 2004], ['owner' => 'ana']));
echo $refused['error_code'], ' ', $refused['details']['retry_after_seconds'] > 0 ? 'says when' : 'does not say when', "\n";

$queue = ybb_export_queue($ids[3], 'ana')['data'];
echo $queue['queue_position'], ' of ', $queue['queue']['queued'], ' ', $queue['priority'], "\n";
echo ybb_export_queue($ids[3], 'bob')['error_code'], ' ', ybb_export_queue()['data']['queue']['queued'], "\n";
$metadata = ybb_export_status($ids[0])['metadata'];
echo $metadata['program_id'], ' ', implode(' ', array_keys($metadata['request'])), "\n";
foreach ([fn () => ybb_export_list('ana', 0), fn () => ybb_export_list('ana', 101), fn () => ybb_export_list('ana', 1, -1),
          fn () => ybb_export_list("a\0"), fn () => ybb_export_queue(null, 'ana')] as $call) {
    echo thrown($call), "\n";
}
?>
--EXPECT--
3 2 1 0
3 2 0
none
3 2 then 0
NULL
OWNER_LIMIT says when
4 of 4 high
NOT_FOUND 4
1 export_type program_id format template filters
ValueError: ybb_export_list(): Argument #2 ($most) must be between 1 and 100
ValueError: ybb_export_list(): Argument #2 ($most) must be between 1 and 100
ValueError: ybb_export_list(): Argument #3 ($before) must be greater than or equal to 0
ValueError: ybb_export_list(): Argument #1 ($owner) must not contain any null bytes
ValueError: ybb_export_queue(): Argument #2 ($owner) must be null without an id: the queue is everybody's
