--TEST--
A broken installation throws; a database that is away is an answer
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
function code(callable $call): string
{
    try {
        $answer = $call();
        return $answer['error_code'] ?? $answer['status'];
    } catch (YbbExport\Exception $e) {
        return get_class($e) . ' ' . $e->getCode() . ' ' . str_replace(ini_get('ybb_export.out'), 'OUT', $e->getMessage());
    }
}
$export = fn () => ybb_export(request(['limit' => 1]));
ini_set('ybb_export.out', "$out/missing");
echo code($export), "\n";
ini_set('ybb_export.out', '');
echo code($export), "\n";
ini_set('ybb_export.out', 'relative');
echo code($export), "\n";
ini_set('ybb_export.out', $out);
foreach (['', 'nonsense', 'oracle://x', 'mysql://user:s3cret@127.0.0.1:1/x'] as $dsn) {
    ini_set('ybb_export.source', $dsn);
    echo code($export), "\n";
}
bed();
ini_set('ybb_export.store', 'sqlite:///nowhere/store.db');
echo code($export), ' ', code('ybb_export_queue'), "\n";
ini_set('ybb_export.store', '');
ini_set('ybb_export.config', "$out/none.json");
echo code('ybb_export_templates'), "\n";
file_put_contents("$out/none.json", '{"pool": "everywhere"}');
echo code('ybb_export_templates'), "\n";
unlink("$out/none.json");
ini_set('ybb_export.config', '');
ini_set('ybb_export.catalog_dir', "$out/none");
echo code('ybb_export_templates'), "\n";
ini_set('ybb_export.catalog_dir', '');
echo code($export), "\n";
?>
--EXPECT--
YbbExport\Exception 200 cannot open the output folder OUT: No such file or directory
YbbExport\Exception 20 no output folder (out) is configured
YbbExport\Exception 20 out is not an absolute path: OUT
YbbExport\Exception 20 no source is configured
YbbExport\Exception 20 the DSN begins with none of mysql://, mariadb:// and sqlite://
YbbExport\Exception 20 the DSN begins with none of mysql://, mariadb:// and sqlite://
SOURCE_UNAVAILABLE
STORE_ERROR STORE_ERROR
YbbExport\Exception 20 cannot open OUT/none.json: No such file or directory
YbbExport\Exception 20 pool is no valid value: "everywhere"
YbbExport\Exception 21 cannot read catalog_dir OUT/none: No such file or directory
success
