<?php
/* The rows of an export by PDO, unbuffered, by the statements of bench/source.c, as a PHP program without this library
 * would read them. BENCH_BARE_READ names the program that prints the statements. */

const FORMS = ['Not Started', 'On Progress', 'Submitted'];
const CATEGORIES = ['fully_funded' => 'Fully Funded', 'self_funded' => 'Self Funded'];

function statements(string $template): array
{
    exec(escapeshellarg(getenv('BENCH_BARE_READ')) . ' ' . escapeshellarg($template) . ' statements', $lines, $status);
    $status === 0 && count($lines) > 1 or exit("bare_read has no statements\n");
    return $lines;
}

/* Each statement has a connection of its own: unbuffered results cannot be read side by side. */
function rows(string $set_up, string $statement): PDOStatement
{
    $pdo = new PDO('mysql:charset=utf8mb4;unix_socket=' . getenv('BENCH_SOCKET') . ';dbname=' . getenv('BENCH_DATABASE'),
                   getenv('BENCH_USER'), getenv('BENCH_PASSWORD'),
                   [PDO::MYSQL_ATTR_USE_BUFFERED_QUERY => false, PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
                    PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_NUM]);
    $pdo->exec($set_up);
    return $pdo->query($statement);
}

/* The columns of this library's template standard, of a row of its statement. */
function standard(int $number, array $row): array
{
    [, $name, $email, $country, $institution, $phone, $category, $form, $paid, $pending, $registered, $referral] = $row;
    return [$number, $name, $email, $country, $institution, $phone, CATEGORIES[$category] ?? $category,
            FORMS[$form ?? 0] ?? '', $paid ? 'Success' : ($pending ? 'Pending' : 'None'), $registered, $referral];
}
