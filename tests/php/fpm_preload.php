<?php
/* What opcache.preload runs in the master of PHP-FPM: an export by the key "preload", before any worker is there. */
ybb_export(['export_type' => 'participants', 'program_id' => 1, 'template' => 'standard', 'format' => 'csv',
            'filters' => ['limit' => 1], 'idempotency_key' => 'preload',
            'large_dataset_options' => ['strategy' => 'multi_file']], fn () => true);
