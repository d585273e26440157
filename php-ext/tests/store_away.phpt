--TEST--
Who waits learns that the job store cannot be reached, however short the wait; the export is not lost
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc';
if (!function_exists('pcntl_alarm')) die('skip there is no pcntl'); ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
ini_set('ybb_export.mode', 'worker');
$id = ybb_export(request())['data']['export_id'];

/* A folder in its place. */
function take_away(): void
{
    global $out;
    rename("$out/ybbexport.db", "$out/away.db");
    mkdir("$out/ybbexport.db");
}
function bring_back(): void
{
    global $out;
    rmdir("$out/ybbexport.db");
    rename("$out/away.db", "$out/ybbexport.db");
}
function told(float $seconds): string
{
    global $id;
    $answer = ybb_export_wait($id, $seconds);
    return ($answer['error_code'] ?? $answer['status']) . ($answer['details']['retriable'] ?? false ? ', retriable' : '');
}

take_away();
echo "it is away: ", told(0), "; ", told(0.2), "\n";
bring_back();
echo "it is back: ", told(0), "\n";
pcntl_async_signals(true);
pcntl_signal(SIGALRM, 'take_away');
pcntl_alarm(1);
echo "it goes during the wait: ", told(2), "\n";
bring_back();
ini_set('ybb_export.mode', 'inproc');
ybb_export(request(['limit' => 1]));
echo "it is back: ", told(60), "\n";
?>
--EXPECT--
it is away: STORE_ERROR, retriable; STORE_ERROR, retriable
it is back: processing
it goes during the wait: STORE_ERROR, retriable
it is back: success
