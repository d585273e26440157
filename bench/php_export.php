<?php
/* php_export.php REQUEST.json CONFIG.json OUT: an export by ybb_export(), waited for; prints its answer. */
ini_set('ybb_export.config', $argv[2]);
ini_set('ybb_export.source', getenv('YBBEXPORT_SOURCE'));
ini_set('ybb_export.out', $argv[3]);
ini_set('ybb_export.mode', 'inproc');
echo json_encode(ybb_export(json_decode(file_get_contents($argv[1]), true), fn () => true));
