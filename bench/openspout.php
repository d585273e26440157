<?php
/*
 * openspout.php AUTOLOAD standard|detailed FILE: an export of participants by OpenSpout, of version 3 or later: the
 * columns of this library's templates, dates as text, which costs OpenSpout less than dates would, and no table.
 */
require $argv[1];
require __DIR__ . '/php_rows.php';

const PAYMENTS = ['Created', 'Pending', 'Success', 'Cancelled', 'Rejected'];

/* The related rows, one participant after the other. */
class Related
{
    public function __construct(private Iterator $rows) { $rows->rewind(); }

    public function of(int|string $participant): array
    {
        $found = [];
        while ($this->rows->valid() && $this->rows->current()[0] == $participant) {
            $found[] = $this->rows->current();
            $this->rows->next();
        }
        return $found;
    }
}

function essays(array $rows): string
{
    usort($rows, fn ($a, $b) => [$a[1], $a[2], $a[3]] <=> [$b[1], $b[2], $b[3]]);
    return implode("\n\n", array_map(fn ($row) => "$row[4]\n$row[5]", $rows));
}

function payments(array $rows): string
{
    usort($rows, fn ($a, $b) => [$a[1], $a[2]] <=> [$b[1], $b[2]]);
    return implode("\n", array_map(fn ($row) => implode(' | ', [$row[1], $row[3], "$row[4] $row[5]",
        PAYMENTS[$row[6]] ?? '', $row[8] ?? $row[7]]), $rows));
}

/* Both versions of the library. */
if (class_exists('OpenSpout\Writer\Common\Creator\WriterEntityFactory')) {
    $writer = OpenSpout\Writer\Common\Creator\WriterEntityFactory::createXLSXWriter();
    $make = [OpenSpout\Writer\Common\Creator\WriterEntityFactory::class, 'createRowFromArray'];
} else {
    $writer = new OpenSpout\Writer\XLSX\Writer;
    $make = [OpenSpout\Common\Entity\Row::class, 'fromValues'];
}
$statements = statements($argv[2]);
$set_up = array_shift($statements);
$sources = array_map(fn ($statement) => rows($set_up, $statement)->getIterator(), $statements);
$related = array_map(fn ($rows) => new Related($rows), array_slice($sources, 1));
$writer->openToFile($argv[3]);
$number = 0;
foreach ($sources[0] as $row) {
    $cells = standard(++$number, $row);
    if ($related !== []) {
        array_push($cells, ...array_slice($row, 12), ...[essays($related[0]->of($row[0])), payments($related[1]->of($row[0]))]);
    }
    $writer->addRow($make(array_map(fn ($cell) => $cell ?? 'N/A', $cells)));
}
$writer->close();
echo json_encode(['rows' => $number]);
