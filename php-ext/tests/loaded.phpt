--TEST--
The extension is loaded with its functions, constants and class
--EXTENSIONS--
ybb_export
--FILE--
<?php
$extension = new ReflectionExtension('ybb_export');
echo implode("\n", array_keys($extension->getFunctions())), "\n";
var_dump($extension->getVersion() === YBB_EXPORT_VERSION);
var_dump(YBB_EXPORT_LIBRARY_VERSION === YBB_EXPORT_VERSION);
var_dump(YBB_OK, YBB_UNKNOWN_FIELD, YBB_INTERNAL);
var_dump(new YbbExport\Exception('x') instanceof RuntimeException);
ob_start();
phpinfo(INFO_MODULES);
preg_match_all('/^(MySQL client|SQLite|Deflate) library => (MariaDB Connector\/C|libmysqlclient|SQLite|ISA-L|zlib) \d+\.\d/m', ob_get_clean(), $found);
echo implode(', ', $found[1]), "\n";
?>
--EXPECT--
ybb_export
ybb_export_status
ybb_export_list
ybb_export_chunks
ybb_export_estimate
ybb_export_resume
ybb_export_cancel
ybb_export_delete
ybb_export_wait
ybb_export_download
ybb_export_stream
ybb_export_link_sign
ybb_export_link_check
ybb_export_templates
ybb_export_template_save
ybb_export_stats
ybb_export_queue
ybb_export_sweep
bool(true)
bool(true)
int(0)
int(8)
int(904)
bool(true)
MySQL client, SQLite, Deflate
