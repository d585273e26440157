<?php

declare(strict_types=1);

use Ybb\Export\CodeIgniter\Words;

/**
 * The files of an export that has several.
 *
 * @var string $export_id
 * @var list<array{batch_number: int, file_name: string, file_url: string, file_size_text: string, record_range: string}> $individual_files
 * @var array{zip_file_name: string, zip_file_url: string, zip_file_size_text: string} $zip_archive
 * @var int $total_records
 */
?>
<h1><?= esc(Words::of('files.title')) ?></h1>
<p><?= esc(Words::of('files.records', [$total_records])) ?></p>
<ul>
    <li><a href="<?= esc($zip_archive['zip_file_url'], 'attr') ?>"><?= esc($zip_archive['zip_file_name']) ?></a>,
        <?= esc($zip_archive['zip_file_size_text']) ?></li>
    <?php foreach ($individual_files as $file): ?>
    <li><a href="<?= esc($file['file_url'], 'attr') ?>"><?= esc($file['file_name']) ?></a>,
        <?= esc($file['file_size_text']) ?>, <?= esc($file['record_range']) ?></li>
    <?php endforeach ?>
</ul>
