--TEST--
max_execution_time does not run while ybb_export() waits, and does outside of it
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
bed();
$limit = under_valgrind() ? 30 : 1;
/* Each of these takes more processor time, of all threads, than the script has. */
$script = 'set_time_limit(' . $limit . ');
    for ($n = 0, $used = 0; $used < ' . 3 * $limit . 'e6; $n++) {
        $before = getrusage();
        $answer = ybb_export(request([], ["idempotency_key" => "%s$n", "format" => "excel", "template" => "detailed",
            "large_dataset_options" => ["strategy" => "single"]] + request()), fn () => null);
        $after = getrusage();
        foreach (["ru_utime", "ru_stime"] as $key) {
            $used += ($after["$key.tv_sec"] - $before["$key.tv_sec"]) * 1e6 + $after["$key.tv_usec"] - $before["$key.tv_usec"];
        }
        if ($answer["status"] !== "success") { echo json_encode($answer); break; }
    }
    echo "survived";';
[$printed, $status] = run_apart(sprintf($script, 'a'));
echo "$printed $status\n";
/* Streams too, but for what the sink does. */
[$printed, $status] = run_apart('set_time_limit(' . $limit . '); ybb_export_stream(request(), function ($bytes) { while (true); });');
echo preg_match('/Maximum execution time of \d+ seconds? exceeded/', $printed) ? 'ended' : $printed, " $status\n";
/* What is left is left behind any number of waits. */
[$printed, $status] = run_apart('$id = ybb_export(request(["limit" => 1]))["data"]["export_id"]; set_time_limit(' . $limit . ');
    while (true) { ybb_export_status($id); }');
echo preg_match('/Maximum execution time of \d+ seconds? exceeded/', $printed) ? 'ended' : $printed, " $status\n";
/* A handler of pcntl is called while the script waits. */
[$printed, $status] = run_apart('pcntl_async_signals(true); pcntl_signal(SIGALRM, function () { throw new DomainException("alarm"); });
    ini_set("ybb_export.mode", "worker"); $id = ybb_export(request([], ["large_dataset_options" => ["strategy" => "single"]]))["data"]["export_id"];
    pcntl_alarm(1); try { ybb_export_wait($id, 60); } catch (DomainException $e) { echo $e->getMessage(); }');
echo "$printed $status\n";
?>
--EXPECT--
survived 0
ended 255
ended 255
alarm 0
