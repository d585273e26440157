--TEST--
A forked child has exporters of its own; the parent's export goes on
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc';
if (!function_exists('pcntl_fork')) die('skip there is no pcntl'); ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
function in_child(callable $what): void
{
    $pid = pcntl_fork();
    if ($pid === 0) {
        try {
            $what();
        } catch (YbbExport\Exception $e) {
            echo get_class($e), ' ', $e->getCode(), "\n";
        }
        exit(3);
    }
    pcntl_waitpid($pid, $status);
    echo pcntl_wifexited($status) ? 'exited ' . pcntl_wexitstatus($status) : 'killed ' . pcntl_wtermsig($status), "\n";
}
function large(string $key): array
{
    return request([], ['idempotency_key' => $key, 'large_dataset_options' => ['strategy' => 'multi_file', 'chunk_size' => 1000]]);
}
$mysql = getenv('YBB_PHP_MYSQL');

echo "before the first use: ";
in_child(function () { echo ybb_export(request(['limit' => 1]))['status'], ' '; });
echo "parent: ", ybb_export(request(['limit' => 2]))['status'], "\n";

/* Once the parent has ended its work, its files are closed. */
sleep(2);
echo "when the parent is idle: ";
in_child(function () { echo ybb_export(request(['limit' => 3]))['status'], ' '; });
echo "parent: ", ybb_export(request(['limit' => 4]))['status'], "\n";

/* What was to begin for a request that is refused then keeps nothing open. */
echo "when the parent began nothing: ";
$source = ini_get('ybb_export.source');
ini_set('ybb_export.source', 'sqlite:///nowhere/rows.db');
for ($try = 0; $try < 3; $try++) { // a machine may be busy
    $refused = ybb_export(request(['limit' => 5]))['error_code'];
    usleep(400000);
    $pid = pcntl_fork();
    if ($pid === 0) {
        exit(thrown(fn () => ybb_export_queue()) === 'nothing' ? 0 : 1);
    }
    pcntl_waitpid($pid, $status);
    if (pcntl_wexitstatus($status) === 0) {
        break;
    }
    sleep(3);
}
echo $refused, ' exited ', pcntl_wexitstatus($status), "\n";
ini_set('ybb_export.source', $source);

/* From the plan to the end SQLite's files are open: the child may not touch them, and says so. */
$id = ybb_export(['template' => 'detailed', 'format' => 'excel'] + large('running'))['data']['export_id'];
while (!isset(ybb_export_status($id)['metadata']['consistency'])) {
    usleep(1000);
}
echo "while the parent runs one: ";
in_child(function () use ($id) { $answer = ybb_export_status($id); echo 'no error '; });
echo "parent: ", ybb_export_wait($id, 60)['status'], "\n";

echo "in a callback: ";
$forked = false;
$answer = ybb_export(large('callback'), function () use (&$forked) {
    if (!$forked) {
        $forked = true;
        in_child(fn () => null);
    }
});
echo "parent: ", $answer['status'], "\n";

echo "in a callback that returns: ";
$parent = getmypid();
$forked = false;
try {
    $answer = ybb_export(large('returns'), function () use (&$forked, &$pid) {
        if (!$forked) {
            $forked = true;
            $pid = pcntl_fork();
            if ($pid > 0) {
                pcntl_waitpid($pid, $status);
                echo 'exited ', pcntl_wexitstatus($status), "\n";
            }
        }
    });
    echo "parent: ", $answer['status'], "\n";
} catch (YbbExport\Exception $e) {
    echo getmypid() === $parent ? 'parent' : 'child', ' ', $e->getCode(), ' ';
    exit(4);
}

echo "in a sink: ";
$bytes = 0;
$answer = ybb_export_stream(request(), function (string $some) use (&$bytes) {
    if ($bytes === 0) {
        in_child(fn () => null);
    }
    $bytes += strlen($some);
});
echo "parent: ", $answer['status'], ' ', $bytes > 100000 ? 'whole' : 'short', "\n";

echo "an exception in a child of a sink: ";
ini_set('display_errors', '0');
$forked = false;
$answer = ybb_export_stream(request(), function () use (&$forked) {
    if (!$forked) {
        $forked = true;
        $pid = pcntl_fork();
        if ($pid === 0) {
            throw new DomainException('of the child');
        }
        pcntl_waitpid($pid, $status);
        echo 'exited ', pcntl_wexitstatus($status), "\n";
    }
});
echo "parent: ", $answer['status'], "\n";
?>
--EXPECT--
before the first use: success exited 3
parent: success
when the parent is idle: success exited 3
parent: success
when the parent began nothing: SOURCE_UNAVAILABLE exited 0
while the parent runs one: YbbExport\Exception 902
exited 3
parent: success
in a callback: exited 3
parent: success
in a callback that returns: child 902 exited 4
parent: success
in a sink: exited 3
parent: success whole
an exception in a child of a sink: exited 255
parent: success
