<?php

declare(strict_types=1);

use Ybb\Export\CodeIgniter\Config\Services;
use Ybb\Export\CodeIgniter\Words;

/**
 * What to do after an export that failed: the form again, with fewer records.
 *
 * @var string $original_export_id
 * @var array<string, mixed> $suggested_filters
 * @var string $error_message
 */
$again = Services::ybbexport()->page('/exports/new') . '?' . http_build_query(['filters' => $suggested_filters]);
?>
<h1><?= esc(Words::of('retry.title')) ?></h1>
<p role="alert"><?= esc($error_message) ?></p>
<p><a href="<?= esc($again, 'attr') ?>"><?= esc(Words::of('retry.again')) ?></a></p>
<p><a href="<?= esc(Services::ybbexport()->page("/exports/$original_export_id"), 'attr') ?>"><?= esc(Words::of('retry.look')) ?></a></p>
