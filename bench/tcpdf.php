<?php
/*
 * tcpdf.php AUTOLOAD FILE: the standard export of participants by TCPDF: its columns on A4 across, the header on every
 * page, each second row striped, page numbers below. A cell is one call of Cell(), which neither measures nor wraps its
 * text, and all texts are in DejaVu Sans, so Chinese and Korean are boxes: a file that users would take needs more.
 */
require $argv[1];
require __DIR__ . '/php_rows.php';

const HEADERS = ['No.', 'Full Name', 'Email', 'Nationality', 'Institution', 'Phone Number', 'Category', 'Form Status',
                 'Payment Status', 'Registration Date', 'Ambassador'];
const WIDTHS = [9, 36, 42, 22, 44, 27, 19, 19, 20, 25, 14];
const HEIGHT = 4, TOP = 12, BOTTOM = 195;

function line(TCPDF $pdf, array $cells, bool $striped): void
{
    foreach ($cells as $i => $cell) {
        $pdf->Cell(WIDTHS[$i], HEIGHT, $cell ?? 'N/A', 0, 0, 'L', $striped);
    }
    $pdf->Ln();
}

function page(TCPDF $pdf): void
{
    $pdf->AddPage();
    $pdf->SetFont('dejavusans', 'B', 6.5);
    line($pdf, HEADERS, true);
    $pdf->SetFont('dejavusans', '', 6.5);
}

$pdf = new TCPDF('L', 'mm', 'A4', true, 'UTF-8');
$pdf->SetTitle('Participants');
$pdf->setPrintHeader(false);
$pdf->SetMargins(10, TOP, 10);
$pdf->SetAutoPageBreak(false);
$pdf->SetFillColor(242, 242, 242);
[$set_up, $statement] = statements('standard');
$number = 0;
page($pdf);
foreach (rows($set_up, $statement) as $row) {
    if ($pdf->GetY() > BOTTOM) {
        page($pdf);
    }
    line($pdf, standard(++$number, $row), $number % 2 === 0);
}
$pdf->Output($argv[2], 'F');
echo json_encode(['rows' => $number]);
