--TEST--
Settings: what is refused, what a script may set, and that phpinfo() has no password
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--INI--
ybb_export.mode=inproc
ybb_export.threads=1
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
var_dump(ini_get('ybb_export.mode'), ini_set('ybb_export.threads', 2), @ini_set('ybb_export.mode', 'elsewhere'));
var_dump(ini_set('ybb_export.wait_seconds', -1), ini_set('ybb_export.wait_seconds', '0.5'));

foreach (['mysql://reader:s3cr%40t@db/ybb', 'mysql://reader:s3c@r@t@db/ybb', 'reader:s3cret', 'sqlite:///srv/s.db'] as $dsn) {
    ini_set('ybb_export.source', $dsn);
    ini_set('ybb_export.store', $dsn);
    ob_start();
    phpinfo(INFO_MODULES | INFO_CONFIGURATION);
    $shown = ob_get_clean();
    preg_match('/^ybb_export.source => (.*?) =>/m', $shown, $match);
    echo $match[1], str_contains($shown, 's3c') ? ' SHOWN' : '', "\n";
}

/* A worker's exports wait for it; ybb_export() does not wait for ever. */
bed();
ini_set('ybb_export.mode', 'worker');
$answer = ybb_export(request(['limit' => 4]));
echo $answer['status'], ' ', $answer['metadata']['priority'], "\n";
ini_set('ybb_export.mode', 'inproc');
ini_set('ybb_export.wait_seconds', '60');
echo ybb_export(request(['limit' => 5]))['status'], ' ', ybb_export_wait($answer['data']['export_id'], 60)['status'], "\n";

/* a file of settings; those of php.ini go over it */
file_put_contents("$out/settings.json", json_encode(['source' => 'sqlite:///nowhere.db', 'base_url' => 'https://admin.example.org']));
ini_set('ybb_export.config', "$out/settings.json");
echo preg_replace('/exp_\w+/', 'ID', ybb_export(request(['limit' => 6]))['data']['file_url']), "\n";

/* what a script that is held back may name */
ini_set('open_basedir', $out);
var_dump(ini_set('ybb_export.config', "$out/settings.json"), @ini_set('ybb_export.out', '/var'), @ini_set('ybb_export.source', 'sqlite:///etc/passwd'));
var_dump(ini_set('ybb_export.out', $out) === $out, is_string(ini_set('ybb_export.source', 'mysql://db/ybb')));
/* a DSN's path is decoded, and a folder is no DSN */
foreach (['source' => "sqlite://$out/%2e%2e/rows.db", 'store' => "sqlite://$out/%2E./jobs.db", 'catalog_dir' => 'mysql://../../../../etc'] as $name => $value) {
    echo $name, ' ', @ini_set("ybb_export.$name", $value) === false ? 'refused' : 'taken', "\n";
}
var_dump(is_string(ini_set('ybb_export.source', "sqlite://$out/my%20rows.db")));
?>
--EXPECT--
string(6) "inproc"
bool(false)
bool(false)
bool(false)
string(2) "30"
mysql://...@db/ybb
mysql://...@db/ybb
(hidden)
sqlite:///srv/s.db
processing immediate
success success
https://admin.example.org/api/export/ID/download
bool(false)
bool(false)
bool(false)
bool(true)
bool(true)
source refused
store refused
catalog_dir refused
bool(true)
