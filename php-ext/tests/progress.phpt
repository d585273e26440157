--TEST--
Progress is told on the request's thread; the wait ends with false, an exception or exit, the export does not
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
function large(string $sort): array
{
    return request([], ['options' => ['sort_by' => $sort], 'large_dataset_options' => ['strategy' => 'multi_file', 'chunk_size' => 1000]]);
}

$calls = [];
$answer = ybb_export(large('id'), function (array $progress) use (&$calls) { $calls[] = $progress; });
echo $answer['status'], ' ', count($calls) > 0 ? 'told' : 'not told', "\n";
echo implode(' ', array_keys($calls[0])), "\n";
$parts = array_column($calls, 'percentage');
$sorted = $parts;
sort($sorted);
var_dump($parts === $sorted, end($parts) === 100.0, end($calls)['export_id'] === $answer['data']['export_id']);

/* false; nobody takes it meanwhile, as the threads of the exports before would: they look for more for a second */
mkdir("$out/apart");
ini_set('ybb_export.out', "$out/apart");
ini_set('ybb_export.mode', 'worker');
$answer = ybb_export(large('full_name'), fn () => false);
ini_set('ybb_export.mode', 'inproc');
ybb_export(request(['limit' => 1]));
echo $answer['status'], ' ', ybb_export_wait($answer['data']['export_id'], 60)['status'], "\n";
ini_set('ybb_export.out', $out);

/* an exception */
$id = null;
echo thrown(function () use (&$id) {
    ybb_export(large('institution'), function (array $progress) use (&$id) {
        $id = $progress['export_id'];
        throw new DomainException('enough');
    });
}), "\n";
echo ybb_export_wait($id, 60)['status'], "\n";

/* the same function many times, also as a method that is not there */
class Listener
{
    public int $count = 0;
    function __call($name, $arguments) { $this->count++; }
}
$listener = new Listener;
echo ybb_export(large('email'), [$listener, 'anything'])['status'], ' ', $listener->count > 0 ? 'told' : 'not told', "\n";

/* a small one too, and an export inside of an export */
$inner = null;
echo ybb_export(request(['limit' => 10]), function () use (&$inner) { $inner ??= ybb_export(request(['limit' => 11])); })['status'],
    ' ', $inner['data']['record_count'], "\n";

/* ways to die in it; each leaves an export that ends well */
$ways = [
    'exit' => 'exit(7);',
    'fatal' => 'no_such_function();',
    'memory' => run_out_of_memory(),
    'kill' => 'exec("kill -9 " . getmypid());',
    'time' => 'set_time_limit(1); while (true);',
];
foreach ($ways as $name => $end) {
    [$printed, $status] = run_apart('ybb_export(request([], ["options" => ["sort_by" => "id", "sort_order" => "desc"], "idempotency_key" => "' . $name . '",
        "large_dataset_options" => ["strategy" => "multi_file", "chunk_size" => 1000]]), function ($p) { echo $p["export_id"], "\n"; ' . $end . ' });');
    preg_match('/^exp_\w+/', $printed, $match);
    $message = preg_match('/(Allowed memory|Maximum execution|undefined function)/', $printed, $words) ? $words[1] : '';
    echo "$name: $status $message, ", ybb_export_wait($match[0], 60)['status'] ?? '?', "\n";
}
?>
--EXPECT--
success told
export_id stage percentage current_chunk total_chunks records_processed total_records current_operation elapsed_seconds
bool(true)
bool(true)
bool(true)
processing success
DomainException: enough
success
success told
success 11
exit: 7 , success
fatal: 255 undefined function, success
memory: 255 Allowed memory, success
kill: 9 , success
time: 255 Maximum execution, success
