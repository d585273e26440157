--TEST--
A stream hands a file's bytes on; its end by false, an exception or exit cancels it
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
$bytes = '';
$answer = ybb_export_stream(request(), function (string $some) use (&$bytes) { $bytes .= $some; });
echo $answer['status'], ' ', $answer['export_strategy'], ' ', $answer['data']['record_count'], "\n";
echo substr_count($bytes, "\r\n") > 3000 ? 'whole' : 'short', ' ', count(glob("$out/exp_*")), " folders\n";

$same = '';
$request = request([], ['large_dataset_options' => ['strategy' => 'streaming']]);
ybb_export_stream($request, function (string $some) use (&$same) { $same .= $some; });
var_dump($same === $bytes);
var_dump($request === request([], ['large_dataset_options' => ['strategy' => 'streaming']]));

/* its strategy as every other text of a request */
enum Strategy: string { case Stream = 'streaming'; case Batches = 'multi_file'; }
class Text { public int $asked = 0; function __construct(private string $text) {} function __toString() { $this->asked++; return $this->text; } }
class Thrower { function __toString(): string { throw new LogicException('no text today'); } }
$auto = 'auto';
$text = new Text('streaming');
foreach ([Strategy::Stream, $text, new Text('auto'), Strategy::Batches, new Thrower, 7] as $strategy) {
    echo thrown(fn () => ybb_export_stream(request(['limit' => 3], ['large_dataset_options' => ['strategy' => $strategy]]), 'strlen')), "\n";
}
echo $text->asked, ' ', ybb_export_stream(request(['limit' => 3], ['large_dataset_options' => ['strategy' => &$auto]]), 'strlen')['status'], " $auto\n";

$pages = ['format' => 'excel'] + request();
$book = fopen("$out/book.xlsx", 'w');
echo ybb_export_stream($pages, fn (string $some) => fwrite($book, $some) > 0)['status'], ' ';
fclose($book);
echo bin2hex(file_get_contents("$out/book.xlsx", false, null, 0, 4)), "\n";

$answer = ybb_export_stream(request([], ['options' => ['sort_by' => 'email']]), fn () => false);
echo $answer['status'], ' ', $answer['error_code'], "\n";
$answer = ybb_export_stream(request([], ['options' => ['sort_by' => 'institution']]), function &() { static $no = false; return $no; });
echo 'by reference: ', $answer['status'], ' ', $answer['error_code'] ?? '', "\n";
echo thrown(fn () => ybb_export_stream(request([], ['options' => ['sort_by' => 'full_name']]), fn () => throw new DomainException('full'))), "\n";
echo thrown(fn () => ybb_export_stream(request([], ['large_dataset_options' => ['strategy' => 'multi_file']]), 'strlen')), "\n";
echo ybb_export_stream(request([], ['large_dataset_options' => 'x']), 'strlen')['error_code'], "\n";
echo ybb_export_stream(request(['nonsense' => 1]), 'strlen')['error_code'], "\n";
$waiting = ybb_export($request + ['idempotency_key' => 'waits']);
echo $waiting['status'], ' ', array_key_exists('stream_url', $waiting['data']) ? 'has a URL' : 'has no URL', ' ',
    ybb_export_wait($waiting['data']['export_id'], 5)['status'], "\n";

$by_id = '';
$id = ybb_export($request + ['owner' => 'ana'])['export_id'];
$sink = function (string $some) use (&$by_id) { $by_id .= $some; };
echo ybb_export_stream($id, $sink, 'bob')['error_code'], ' ', ybb_export_stream($id, $sink, 'ana')['status'], ' ';
var_dump($by_id === $bytes);
echo ybb_export_stream($id, $sink)['error_code'], ' ', ybb_export_stream('exp_none', $sink)['error_code'], "\n";
echo thrown(fn () => ybb_export_stream(ybb_export(request(['limit' => 1]))['export_id'], $sink)) !== 'nothing' ? 'has files' : '', "\n";
echo thrown(fn () => ybb_export_stream($request, $sink, 'ana')), "\n";
echo thrown(fn () => ybb_export_stream("exp\0", $sink)), "\n";

foreach (['exit' => 'exit(7);', 'fatal' => 'no_such_function();', 'memory' => run_out_of_memory(),
          'time' => 'set_time_limit(1); while (true);'] as $name => $end) {
    [$printed, $status] = run_apart('register_shutdown_function(function () { echo " ", ybb_export_stats()["data"]["exports"]["running"], " running"; });
        ybb_export_stream(request(["limit" => 2000]), function ($bytes) { ' . $end . ' });');
    echo "$name: $status", preg_match('/ \d+ running/', $printed, $match) ? $match[0] : $printed, "\n";
}
?>
--EXPECT--
success streaming 3000
whole 0 folders
bool(true)
bool(true)
nothing
nothing
nothing
ValueError: ybb_export_stream(): Argument #1 ($request) must not ask for another strategy than streaming
LogicException: no text today
ValueError: ybb_export_stream(): Argument #1 ($request) must not ask for another strategy than streaming
1 success auto
success 504b0304
error CANCELLED
by reference: error CANCELLED
DomainException: full
ValueError: ybb_export_stream(): Argument #1 ($request) must not ask for another strategy than streaming
INVALID_TYPE
UNKNOWN_FILTER
processing has a URL processing
NOT_FOUND success bool(true)
NOT_RESUMABLE NOT_FOUND
has files
ValueError: ybb_export_stream(): Argument #3 ($owner) must be null beside a request, which names its owner itself
ValueError: ybb_export_stream(): Argument #1 ($request) must not contain any null bytes
exit: 7 0 running
fatal: 255 0 running
memory: 255 0 running
time: 255 0 running
