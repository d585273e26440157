--TEST--
A signed link opens its file alone, until its time is over
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
$id = 'exp_' . str_repeat('a', 26);
$other = 'exp_' . str_repeat('b', 26);
echo thrown(fn () => ybb_export_link_sign($id, null, 60)), "\n";
echo thrown(fn () => ybb_export_link_check($id, null, 'x')), "\n";

file_put_contents("$out/settings.json", json_encode(['link_secret' => str_repeat('secret ', 5)]));
ini_set('ybb_export.config', "$out/settings.json");
function check(string $id, int|string|null $part, string $signature): string
{
    $answer = ybb_export_link_check($id, $part, $signature);
    return $answer['error_code'] ?? $answer['status'];
}
foreach ([null, 1, '1', 2, 'zip'] as $part) {
    $signature = ybb_export_link_sign($id, $part, 60)['signature'];
    foreach ([null, 1, 2, 'zip'] as $asked) {
        echo check($id, $asked, $signature), ' ';
    }
    echo check($other, $part, $signature), ' ', check($id, $part, strrev($signature)), ' ', check($id, $part, ''), "\n";
}
$signature = ybb_export_link_sign($id, null, 1)['signature'];
sleep(2);
echo check($id, null, $signature), "\n";
echo ybb_export_link_sign('exp_x', null, 60)['error_code'], ' ', check('exp_x', null, $signature), "\n";
foreach ([0, -1, 366 * 86400 + 1] as $seconds) {
    echo thrown(fn () => ybb_export_link_sign($id, null, $seconds)), "\n";
}
echo thrown(fn () => ybb_export_link_sign($id, 'all', 60)), "\n";
echo thrown(fn () => ybb_export_link_check($id, 0, 'x')), "\n";
echo thrown(fn () => ybb_export_link_check($id, null, "x\0y")), "\n";
?>
--EXPECT--
YbbExport\Exception: links are signed with link_secret, which the configuration lacks
YbbExport\Exception: links are signed with link_secret, which the configuration lacks
success LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID
LINK_INVALID success LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID
LINK_INVALID success LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID
LINK_INVALID LINK_INVALID success LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID
LINK_INVALID LINK_INVALID LINK_INVALID success LINK_INVALID LINK_INVALID LINK_INVALID
LINK_EXPIRED
NOT_FOUND LINK_INVALID
ValueError: ybb_export_link_sign(): Argument #3 ($seconds) must be between 1 and 31622400
ValueError: ybb_export_link_sign(): Argument #3 ($seconds) must be between 1 and 31622400
ValueError: ybb_export_link_sign(): Argument #3 ($seconds) must be between 1 and 31622400
ValueError: ybb_export_link_sign(): Argument #2 ($part) must be the number of a batch, "zip" or null
ValueError: ybb_export_link_check(): Argument #2 ($part) must be the number of a batch, "zip" or null
ValueError: ybb_export_link_check(): Argument #3 ($signature) must not contain any null bytes
