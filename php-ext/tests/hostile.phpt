--TEST--
What no request can hold is refused by its path; nothing crashes
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
bed();
enum Pure { case One; }
class Thrower { function __toString(): string { throw new LogicException('no text today'); } }
class Meddler {
    public static array $victim;
    function __toString(): string { self::$victim = ['gone']; gc_collect_cycles(); return 'x'; }
}
function show(array $filters): void
{
    echo thrown(fn () => ybb_export(request($filters))), "\n";
    echo thrown(fn () => ybb_export_estimate(request($filters))) === 'nothing' ? "estimated\n" : '';
}

$self = ['a' => 1];
$self['self'] = &$self;
show($self);
$deep = 1;
for ($i = 0; $i < 100000; $i++) { $deep = [$deep]; }
show(['deep' => $deep]);
unset($deep);
$wide = [1];
for ($i = 0; $i < 30; $i++) { $wide = array_fill(0, 10, $wide); }
show(['wide' => $wide]);
show(['ambassador_ref' => "caf\xE9"]);
show(["caf\xE9" => 1]);
foreach (["\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xF0\x9F\x98"] as $bytes) {
    echo substr(thrown(fn () => ybb_export(request(['ambassador_ref' => $bytes]))), 0, 10), "\n";
}
show(['limit' => NAN]);
show(['amounts' => [1.5, [INF]]]);
show(['x' => new stdClass]);
show(['x' => fn () => 1]);
show(['x' => STDIN]);
show(['x' => Pure::One]);
show(['x' => new Thrower]);
show(['x' => (new ReflectionClass('DateTime'))->newInstanceWithoutConstructor()]);
show(['x' => (new DateTime)->setDate(12345, 1, 1)]);
show(['x' => str_repeat('x', 5000000)]);
Meddler::$victim = ['ambassador_ref' => ['a', new Meddler, 'b', 'c']];
$filters = ['limit' => 1];
$filters['payment_status'] = &Meddler::$victim;
echo ybb_export(request($filters))['error_code'], "\n";

/* What the library refuses is an answer, also where it is large. */
$answers = [
    request(['ambassador_ref' => "a\0b"]),
    request(['nonsense' => 1]),
    request(['limit' => 1e300]),
    request(['form_status' => array_fill(0, 100000, 1)]),
    request([], ['fields' => array_fill(0, 100000, 'id'), 'template' => 'custom']),
    request(['ambassador_ref' => str_repeat('x', 2000000)]),
    ['' => 1] + request(),
    request([-5 => 1, 'limit' => 1]),
    [1, 2, 3],
    [],
];
foreach ($answers as $request) {
    $answer = ybb_export($request);
    echo $answer['status'], ' ', $answer['error_code'], ' ', var_export($answer['details']['field'] ?? null, true), "\n";
}
echo ybb_export(request(['limit' => 0.1]))['message'], "\n";
echo thrown(fn () => ybb_export(request(['limit' => 1, 'x' => [-7 => 'a', 'b' => [-8 => NAN, 'c' => 1]]]))), "\n";
echo thrown(fn () => ybb_export('x')), "\n";
echo thrown(fn () => ybb_export([], 'no_such_function')), "\n";
echo thrown(fn () => ybb_export_status("exp\0x")), "\n";
echo ybb_export_status('../../etc/passwd')['error_code'], "\n";
?>
--EXPECT--
ValueError: ybb_export(): Argument #1 ($request) must not be nested more than 32 deep, nor hold itself, in filters.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self
ValueError: ybb_export(): Argument #1 ($request) must not be nested more than 32 deep, nor hold itself, in filters.deep[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]
ValueError: ybb_export(): Argument #1 ($request) must not be nested more than 32 deep, nor hold itself, in filters.wide[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]
ValueError: ybb_export(): Argument #1 ($request) must hold valid UTF-8, but there is none in filters.ambassador_ref
ValueError: ybb_export(): Argument #1 ($request) must hold valid UTF-8, but there is none in filters.caf?
ValueError
ValueError
ValueError
ValueError
ValueError
ValueError: ybb_export(): Argument #1 ($request) must hold finite numbers, but there is none in filters.limit
ValueError: ybb_export(): Argument #1 ($request) must hold finite numbers, but there is none in filters.amounts[1][0]
TypeError: ybb_export(): Argument #1 ($request) must hold arrays, strings, numbers, booleans, null, backed enums, dates and Stringable objects alone, stdClass found in filters.x
TypeError: ybb_export(): Argument #1 ($request) must hold arrays, strings, numbers, booleans, null, backed enums, dates and Stringable objects alone, Closure found in filters.x
TypeError: ybb_export(): Argument #1 ($request) must hold arrays, strings, numbers, booleans, null, backed enums, dates and Stringable objects alone, resource found in filters.x
TypeError: ybb_export(): Argument #1 ($request) must hold arrays, strings, numbers, booleans, null, backed enums, dates and Stringable objects alone, Pure found in filters.x
LogicException: no text today
ValueError: ybb_export(): Argument #1 ($request) must hold dates that were constructed in filters.x
ValueError: ybb_export(): Argument #1 ($request) must hold dates of the years 0 to 9999 in filters.x
ValueError: ybb_export(): Argument #1 ($request) must not hold a text of more than 4 MiB in filters.x
INVALID_TYPE
error INVALID_JSON NULL
error UNKNOWN_FILTER 'filters.nonsense'
error INVALID_VALUE 'filters.limit'
error INVALID_JSON NULL
error INVALID_JSON NULL
error INVALID_JSON NULL
error UNKNOWN_KEY '""'
error UNKNOWN_FILTER 'filters.-5'
error INVALID_TYPE NULL
error MISSING_KEY 'export_type'
filters.limit is 0.1, not an integer from 1 to 18446744073709551615
ValueError: ybb_export(): Argument #1 ($request) must hold finite numbers, but there is none in filters.x.b[-8]
TypeError: ybb_export(): Argument #1 ($request) must be of type array, string given
TypeError: ybb_export(): Argument #2 ($progress) must be a valid callback or null, function "no_such_function" not found or invalid function name
ValueError: ybb_export_status(): Argument #1 ($id) must not contain any null bytes
NOT_FOUND
