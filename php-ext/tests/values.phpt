--TEST--
Values of PHP are those of a request: enums, dates, objects with a text, references, lists with gaps
--EXTENSIONS--
ybb_export
--SKIPIF--
<?php require __DIR__ . '/skip.inc'; ?>
--FILE--
<?php
require __DIR__ . '/bed.inc';
bed();
enum Category: string { case Funded = 'fully_funded'; case Paying = 'self_funded'; }
enum Form: int { case None = 0; case Sent = 2; }
class Code { function __construct(private string $text) {} function __toString() { return $this->text; } }

function applied(array $filters): string
{
    $answer = ybb_export(request($filters + ['limit' => 5]));
    return json_encode($answer['metadata']['filters_applied'] ?? $answer, JSON_UNESCAPED_UNICODE);
}

echo applied(['category' => Category::Funded, 'form_status' => [Form::None, Form::Sent]]), "\n";
$zone = new DateTimeZone('Pacific/Auckland');
echo applied(['date_range' => ['start' => new DateTime('2025-01-31 23:30', $zone),
                               'end' => new DateTimeImmutable('2025-07-23T01:00:00+07:00')]]), "\n";
echo applied(['ambassador_ref' => new Code('Zürich "\\ 東京 😀')]), "\n";
$status = 2;
$limit = 3;
$list = array_filter([0, 1, 2], fn ($x) => $x > 0);
echo applied(['form_status' => &$status, 'limit' => &$limit]), "\n";
echo applied(['form_status' => $list]), "\n";
echo applied(['form_status' => '2', 'category' => null, 'payment_status' => 'all']), "\n";
$answer = ybb_export(['program_id' => 1.0, 'options' => []] + request(['limit' => 2.0]));
echo $answer['data']['record_count'], "\n";
$answer = ybb_export(request(['limit' => 1], ['options' => ['include_essays' => true, 'include_payments' => false]]));
echo $answer['status'], "\n";
?>
--EXPECT--
{"category":"fully_funded","form_status":[0,2],"limit":5}
{"date_range":{"start":"2025-01-31","end":"2025-07-23"},"limit":5}
{"ambassador_ref":"Zürich \"\\ 東京 😀","limit":5}
{"form_status":2,"limit":3}
{"form_status":[1,2],"limit":5}
{"form_status":"2","category":null,"payment_status":"all","limit":5}
2
success
