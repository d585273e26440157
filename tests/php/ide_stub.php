<?php
/* ide_stub.php STUB: holds the signatures and constants of the stub for editors against the loaded extension, and
 * prints the differences. The stub cannot be loaded beside it, so it is read as text. */
$text = file_get_contents($argv[1]);
$squeeze = fn (string $s) => preg_replace('/\s+/', ' ', $s);
$stub = [];
preg_match_all('/^    function (\w+)\((.*?)\): (\w+) \{\}/ms', $text, $found, PREG_SET_ORDER);
foreach ($found as [, $name, $parameters, $return]) {
    $stub[] = "$name(" . $squeeze($parameters) . "): $return";
}
preg_match_all('/^    const (\w+) = (.*?);/m', $text, $found, PREG_SET_ORDER);
foreach ($found as [, $name, $value]) {
    $stub[] = "$name = $value";
}
$extension = new ReflectionExtension('ybb_export');
$own = [];
foreach ($extension->getFunctions() as $function) {
    $parameters = array_map(function (ReflectionParameter $p) {
        $types = explode('|', (string)$p->getType());
        sort($types);
        return implode('|', $types) . ' $' . $p->getName() . ($p->isOptional() ? ' = ' . var_export($p->getDefaultValue(), true) : '');
    }, $function->getParameters());
    $own[] = $function->getName() . '(' . implode(', ', $parameters) . '): ' . $function->getReturnType();
}
foreach ($extension->getConstants() as $name => $value) {
    $own[] = "$name = " . var_export($value, true);
}
/* union types in one order, NULL as it is written */
$plain = function (string $line): string {
    $line = preg_replace_callback('/[\w\\\\]+(\|[\w\\\\]+)+/', function (array $m) {
        $types = explode('|', $m[0]);
        sort($types);
        return implode('|', $types);
    }, $line);
    return str_replace('= NULL', '= null', $line);
};
$stub = array_map($plain, $stub);
$own = array_map($plain, $own);
foreach (array_diff($own, $stub) as $line) {
    echo "the extension has: $line\n";
}
foreach (array_diff($stub, $own) as $line) {
    echo "the stub has: $line\n";
}
if (count($own) < 20) {
    echo "nothing was compared\n";
}
