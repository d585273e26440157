--TEST--
Mail may go to who asks, as the script says it, and not as the request does
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
$out = bed();
file_put_contents("$out/settings.json", json_encode([
    'base_url' => 'https://admin.example.org', 'link_secret' => str_repeat('secret ', 5),
    'mail' => ['server' => 'smtp://localhost:1', 'from' => 'exports@example.org',
               'user' => 'somebody', 'password' => 'never shown']]));
ini_set('ybb_export.config', "$out/settings.json");
function ask(string $address, ?string $own = null): string
{
    $answer = ybb_export(request(['limit' => 3], ['delivery_options' => [
        'email_notification' => true, 'email_address' => $address]]), own_address: $own);
    return $answer['status'] === 'error'
        ? "{$answer['error_code']} {$answer['details']['field']}"
        : $answer['status'] . ' ' . (isset($answer['notification']['state']) ? 'with mail' : 'without mail');
}
echo ask('me@example.org'), "\n";
echo ask('me@example.org', 'you@example.org'), "\n";
echo ask("me@example.org\r\nBcc: you@example.org", 'me@example.org'), "\n";
echo ask('me@example.org', "me@example.org\r\nBcc: you@example.org"), "\n";
echo ask('me@example.org', 'me@example.org'), "\n";
echo thrown(fn () => ask('me@example.org', "me@example.org\0")), "\n";
ob_start();
phpinfo();
echo str_contains(ob_get_clean(), 'never shown') ? 'shown' : 'not shown', "\n";
?>
--EXPECT--
INVALID_VALUE delivery_options.email_address
INVALID_VALUE delivery_options.email_address
INVALID_VALUE delivery_options.email_address
INVALID_VALUE delivery_options.email_address
success with mail
ValueError: ybb_export(): Argument #3 ($own_address) must not contain any null bytes
not shown
