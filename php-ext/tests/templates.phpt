--TEST--
Templates are listed and made
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
$short = ['templates' => ['participants_short' => ['fields' => ['id', 'full_name'], 'headers' => ['No', 'Who']]]];
echo implode(' ', array_keys(ybb_export_templates()['export_types'])), "\n";
echo thrown(fn () => ybb_export_template_save($short)), "\n";
mkdir("$out/catalog");
ini_set('ybb_export.catalog_dir', "$out/catalog");
echo ybb_export_template_save(['templates' => ['participants_short' => ['fields' => ['nonsense']]]])['error_code'], "\n";
echo implode(' ', ybb_export_template_save($short)['templates']['participants_short']['headers']), "\n";
$answer = ybb_export(['template' => 'short'] + request(['limit' => 1]));
$file = ybb_export_download($answer['data']['export_id']);
echo substr(fgets($file['stream']), 3);
file_put_contents("$out/catalog/broken.json", '{');
ini_set('ybb_export.base_url', 'https://example.org');
echo substr(thrown('ybb_export_templates'), 0, 19), "\n";
?>
--EXPECT--
participants payments ambassadors
YbbExport\Exception: no folder for templates (catalog_dir) is configured
INVALID_CATALOG
No Who
No,Who
YbbExport\Exception
