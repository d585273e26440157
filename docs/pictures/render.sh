#!/bin/sh
# Makes the pictures of docs/pictures.md from demo data: exports, spreadsheets by LibreOffice to PDF, heads of
# pages to PNG.
# Run it from the top folder after ./run build. On Debian and Ubuntu it needs libreoffice-calc-nogui,
# poppler-utils, sqlite3 and, for the letters, fonts-crosextra-carlito fonts-dejavu-core fonts-noto-core fonts-noto-cjk.
set -eu
command=${YBBEXPORT:-build/ybbexport}
pictures=docs/pictures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
database=$work/demo.db
YBBEXPORT_SOURCE=sqlite://$database
export YBBEXPORT_SOURCE

# book NAME REQUEST: exports NAME.xlsx.
book() {
    printf %s "$2" | "$command" export --out "$work/out" - >/dev/null
    mv "$work"/out/*/*.xlsx "$work/$1.xlsx"
}

# picture NAME BOOK PAGE HEIGHT: the upper HEIGHT dots of a page.
picture() {
    pdftoppm -png -singlefile -r 100 -f "$3" -l "$3" -x 60 -y 60 -W 1050 -H "$4" \
        "$work/$2.pdf" "$pictures/$1"
}

# page NAME REQUEST PAGE HEIGHT: exports a PDF file; the upper HEIGHT dots of a page.
page() {
    printf %s "$2" | "$command" export --out "$work/out" - >/dev/null
    mv "$work"/out/*/*.pdf "$work/$1.pdf"
    pdftoppm -png -singlefile -r 80 -f "$3" -l "$3" -x 0 -y 0 -W 940 -H "$4" "$work/$1.pdf" "$pictures/$1"
}

mkdir "$work/out"
"$command" demo-data "$YBBEXPORT_SOURCE" --participants 400
book standard '{"export_type": "participants", "program_id": 1}'
book detailed '{"export_type": "participants", "program_id": 1, "template": "detailed"}'
book grouped '{"export_type": "payments", "program_id": 1, "options": {"group_by_participant": true}}'
book summary '{"export_type": "participants", "program_id": 1, "options": {"include_summary": true,
    "include_about": true}}'
book totals '{"export_type": "payments", "program_id": 1, "options": {"include_summary": true},
    "filters": {"amount_range": {"max": 10000000}}}'
page pdf-table '{"export_type": "participants", "program_id": 1, "format": "pdf",
    "filters": {"form_status": ["1", "2"], "limit": 200}, "options": {"sort_by": "created_at", "sort_order": "desc"}}' 1 440
page pdf-cards '{"export_type": "participants", "program_id": 1, "format": "pdf", "template": "detailed"}' 1 936
# an answer that no cell holds
sqlite3 "$database" "UPDATE participant_essays SET answer = replace(hex(zeroblob(900)), '00', answer || char(10))
    WHERE participant_id IN (SELECT id FROM participants WHERE nationality IN ('Philippines', 'Japan'))
    AND length(answer) BETWEEN 100 AND 1000"
book long '{"export_type": "participants", "program_id": 1, "template": "custom", "filters": {"limit": 60},
    "fields": ["order_number", "full_name", "email", "essays", "payment_history"]}'
sqlite3 "$database" "UPDATE participants SET is_deleted = 1 WHERE nationality NOT IN ('Egypt', 'Morocco')"
book arabic '{"export_type": "participants", "program_id": 1, "template": "custom",
    "fields": ["order_number", "full_name", "nationality", "institution", "origin_address", "essays"]}'
sqlite3 "$database" "UPDATE participants SET is_deleted = (SELECT count(*) FROM participants p
    WHERE p.nationality IS participants.nationality AND p.id <= participants.id) > 3;
    UPDATE participants SET full_name = 'שרה לוי־כהן', institution = 'האוניברסיטה העברית (ירושלים) 2025'
        WHERE nationality = 'Brazil';
    UPDATE participants SET full_name = 'สมชาย ใจดี', institution = 'จุฬาลงกรณ์มหาวิทยาลัย' WHERE nationality = 'Nigeria';
    UPDATE participants SET full_name = 'अनिता शर्मा', institution = 'दिल्ली विश्वविद्यालय' WHERE nationality = 'India';
    UPDATE participants SET full_name = 'Ελένη Παπαδοπούλου', institution = 'Πανεπιστήμιο Αθηνών'
        WHERE nationality = 'Türkiye'"
page pdf-scripts '{"export_type": "participants", "program_id": 1, "format": "pdf", "template": "custom",
    "fields": ["id", "full_name", "nationality", "institution", "phone_number"]}' 1 700

soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" \
    "$work"/*.xlsx >/dev/null 2>&1
# the sheet "Long texts" begins where its header is
long=1
until pdftotext -f $long -l $long "$work/long.pdf" - | grep -q '^Part$'; do long=$((long + 1)); done
# the sheets on request end the book
about=$(pdfinfo "$work/summary.pdf" | sed -n 's/^Pages: *//p')
# first_with BOOK LINE: the first page that has the line.
first_with() {
    at=1
    until pdftotext -f $at -l $at "$work/$1.pdf" - | grep -q "^$2\$"; do at=$((at + 1)); done
    echo $at
}
picture summary summary "$(first_with summary 'Participants by category')" 1040
picture summary-totals totals "$(first_with totals 'Successful payments by currency')" 800
picture summary-months totals "$(first_with totals 'Successful payments by country')" 680
picture about summary "$about" 700
picture standard standard 1 300
picture detailed detailed 1 330
picture detailed-essays detailed 4 380
picture grouped grouped 1 380
picture arabic arabic 1 380
picture long-texts long $long 380
