<?php
/* Calls every function of the extension, and ends calls by exceptions, for tools that look at memory and threads. */
$base = ['export_type' => 'participants', 'program_id' => 1, 'format' => 'csv', 'template' => 'standard'];
$large = ['format' => 'excel', 'large_dataset_options' => ['strategy' => 'multi_file', 'chunk_size' => 1000]] + $base;
for ($round = 0; $round < 2; $round++) {
    ybb_export_estimate($base);
    $small = ybb_export(['filters' => ['limit' => 20 + $round]] + $base);
    if ($small['status'] !== 'success') {
        exit(json_encode($small));
    }
    $answer = ybb_export(['owner' => "o$round"] + $large, fn (array $progress) => true);
    if ($answer['status'] !== 'success') {
        exit(json_encode($answer));
    }
    $id = $answer['export_id'];
    foreach ([null, 1, 'zip'] as $part) {
        stream_get_contents(ybb_export_download($id, $part)['stream']);
    }
    ybb_export_status($id);
    ybb_export_list("o$round", 1);
    ybb_export_list(null, 100, 1 << 40);
    ybb_export_chunks($id, 'o');
    ybb_export_wait($id, 0.1);
    ybb_export_cancel($id);
    ybb_export_resume($id);
    ybb_export_delete($id);
    ybb_export_templates();
    ybb_export_template_save(['templates' => []]);
    ybb_export_stats();
    ybb_export_queue();
    ybb_export_queue($id);
    ybb_export_sweep();
    ybb_export_link_check($id, 'zip', ybb_export_link_sign($id, 1, 60)['signature']);
    $waiting = ybb_export(['large_dataset_options' => ['strategy' => 'streaming']] + $base)['export_id'];
    ybb_export_stream($waiting, fn () => true, 'nobody');
    ybb_export_stream($waiting, fn () => true);
    $bytes = 0;
    ybb_export_stream($base, function (string $some) use (&$bytes) { $bytes += strlen($some); });
    ybb_export_stream(['options' => ['sort_by' => 'email']] + $base, fn () => false);
    foreach ([fn () => ybb_export(['owner' => "x$round"] + $large, fn () => throw new DomainException),
              fn () => ybb_export_stream(['owner' => 'x'] + $base, fn () => throw new DomainException),
              fn () => ybb_export(['filters' => ['limit' => NAN]]),
              fn () => ybb_export(['filters' => ['a' => ["caf\xE9"]]]),
              fn () => ybb_export_wait($id, -1),
              fn () => ybb_export_download($id, 'x')] as $call) {
        try {
            $call();
            exit('nothing was thrown');
        } catch (DomainException | ValueError) {
        }
    }
}
echo $bytes > 1000 ? 'done' : 'short';
