<?php
/* Under PHP-FPM: what the first export of 100 records takes in this worker, in milliseconds. */
$request = ['export_type' => 'participants', 'program_id' => 1, 'format' => 'excel', 'template' => 'standard',
            'filters' => ['limit' => 100]];
$began = hrtime(true);
$answer = ybb_export($request);
$taken = (hrtime(true) - $began) / 1e6;
header('Content-Type: application/json');
echo json_encode(['status' => $answer['status'], 'records' => $answer['data']['record_count'] ?? null, 'pid' => getmypid(),
                  'milliseconds' => $taken]);
