<?php
/* The small web application of the FPM tests: starts exports, tells how far they are, gives their files,
 * and dies in the ways that a request can. */
header('Content-Type: application/json');
$do = $_GET['do'] ?? '';
$id = $_GET['id'] ?? '';
switch ($do) {
    case 'start':
        echo json_encode(ybb_export(json_decode(file_get_contents('php://input'), true)));
        break;
    case 'status':
        echo json_encode(ybb_export_status($id));
        break;
    case 'wait':
        echo json_encode(ybb_export_wait($id, 2));
        break;
    case 'queue':
        echo json_encode(ybb_export_queue());
        break;
    case 'pid':
        echo json_encode(['pid' => getmypid(), 'threads' => count(scandir('/proc/self/task')) - 2,
                          'files' => count(scandir('/proc/self/fd'))]);
        break;
    case 'download':
        $file = ybb_export_download($id, ($_GET['part'] ?? '') === '' ? null : $_GET['part']);
        if ($file['status'] === 'error') {
            http_response_code(404);
            echo json_encode($file);
            break;
        }
        header("Content-Type: {$file['content_type']}");
        header("Content-Length: {$file['file_size']}");
        fpassthru($file['stream']);
        break;
    case 'stream':
        header('Content-Type: application/octet-stream');
        ybb_export_stream(json_decode(file_get_contents('php://input'), true), function (string $bytes) {
            echo $bytes;
            flush();
        });
        break;
    case 'quit': // told twice to end, while files are opened
        $open = function (int $count) {
            return array_map(fn () => tmpfile(), range(1, $count));
        };
        $kill = function () {
            exec('kill -QUIT ' . getmypid());
        };
        $kill();
        $files = $open(64);
        $kill();
        echo json_encode(['whole' => count(array_filter($files, fn ($file) => @fwrite($file, 'x') === 1))]);
        break;
    case 'exit':
        ybb_export(json_decode(file_get_contents('php://input'), true), fn () => exit('{}'));
        break;
    case 'throw':
        ybb_export(json_decode(file_get_contents('php://input'), true), fn () => throw new DomainException('on purpose'));
        break;
    case 'memory':
        ini_set('memory_limit', '8M');
        ybb_export(json_decode(file_get_contents('php://input'), true), fn () => str_repeat('x', 100000000));
        break;
    case 'gone': // the client reads a little and leaves
        ybb_export(json_decode(file_get_contents('php://input'), true), function (array $progress) {
            for ($i = 0; $i < 200; $i++) {
                echo str_repeat(' ', 4096);
                flush();
            }
        });
        break;
    default:
        http_response_code(404);
        echo '{}';
}
